#!/usr/bin/env python3
"""The house rules that a machine can check. Run from anywhere: tests/style/check.py [RULE...]

  lines         no file past 500 lines, no line past 100 columns
  functions     no function past 70 lines
  headers       every header opens with a comment that says what it is, and has #pragma once
  places        every .cc says where it belongs: by a comment of its own or by its header
  layers        core includes no gRPC, protobuf or Asio; one folder includes RocksDB, one class Beast
  limits        every kMax... is defined in a limits.h and has its row in README.md
  declarations  no function, constant or type that a header declares and nobody uses
  words         no names that say nothing: util, helper, manager, common, impl

Prints each fault with its file and line; exit code 1 where there is one.
"""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
MAX_COLUMNS = 100
# Long lines that cannot be broken: tables of patterns, labels, and what tools write.
DATA = re.compile(r"\.(inc|tsv|json|jsonl|txt|pem)$")


def listed(*patterns):
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [f for f in out.splitlines() if (ROOT / f).is_file()]


FILES = listed("*.h", "*.cc")
TEXT = {f: (ROOT / f).read_text(encoding="utf8") for f in FILES}
LINES = {f: text.split("\n") for f, text in TEXT.items()}
HEADERS = [f for f in FILES if f.endswith(".h")]
faults = []


def fault(file, line, words):
    faults.append(f"{file}:{line}: {words}")


def lines():
    for f in listed("*.h", "*.cc", "*.py", "*.proto", "*.sh"):
        if DATA.search(f):
            continue
        text = (ROOT / f).read_text(encoding="utf8").split("\n")
        if len(text) - 1 > MAX_FILE_LINES:
            fault(f, len(text), f"{len(text) - 1} lines, at most {MAX_FILE_LINES}")
        if f in TEXT and not f.startswith("core/text/boilerplate_rules"):
            for n, line in enumerate(text, 1):
                # Hangul takes two columns, but an editor counts characters.
                if len(line) > MAX_COLUMNS:
                    fault(f, n, f"{len(line)} columns, at most {MAX_COLUMNS}")


NOT_A_FUNCTION = re.compile(
    r"^\s*(namespace|class|struct|union|enum|extern|if|for|while|switch|do|else|case|try)\b")
GOES_ON = re.compile(r"[^;{}:\s]\s*$")  # a line that does not end a statement
LAMBDA = re.compile(r"(?<!operator)\[[\w&=*, ]*\] ?\(")


def functions():
    """A function: a line that ends in '{' after a ')', and the line that closes it at its indent.

    A lambda counts as part of the function around it."""
    for f in FILES:
        text = LINES[f]
        for n, line in enumerate(text):
            if not line.endswith("{") or line.strip() == "{":
                continue
            start = n
            while start > 0 and GOES_ON.search(text[start - 1]) and "//" not in text[start - 1]:
                start -= 1
            head = " ".join(text[start:n + 1])
            if not re.search(r"\w\(.*\)[^=]*\{$", head):
                continue
            if NOT_A_FUNCTION.match(head) or LAMBDA.search(head):
                continue
            indent = len(text[start]) - len(text[start].lstrip())
            close = " " * indent + "}"
            end = next((m for m in range(n + 1, len(text)) if text[m].rstrip(";,)") == close), n)
            size = end - start + 1
            if size > MAX_FUNCTION_LINES:
                fault(f, start + 1, f"function of {size} lines, at most {MAX_FUNCTION_LINES}")


def headers():
    for f in HEADERS:
        if not TEXT[f].startswith("// "):
            fault(f, 1, "a header opens with a comment that says what it is")
        if "#pragma once" not in TEXT[f]:
            fault(f, 1, "no #pragma once")


def places():
    for f in FILES:
        if not f.endswith(".cc") or f.endswith("_test.cc"):
            continue
        if TEXT[f].startswith("// "):
            continue
        first = re.search(r'^#include "([^"]+)"', TEXT[f], re.M)
        own = first and pathlib.PurePath(first.group(1)).stem == pathlib.PurePath(f).stem
        if not own:
            fault(f, 1, "neither a comment of its own nor a header of its name says what it is")


def layers():
    wrong = [("core/", r'#include [<"](grpc|google/protobuf|boost|server/|client/|wonbon/v1)'),
             ("server/", r'#include "client/'), ("client/", r'#include "(server/|core/(?!keys/))')]
    for f in FILES:
        for n, line in enumerate(LINES[f], 1):
            for folder, pattern in wrong:
                if f.startswith(folder) and re.match(pattern, line):
                    fault(f, n, f"{folder} does not include {line.split()[1]}")
            at_store = re.match(r"(core|tests/core)/store/", f)
            if "rocksdb/" in line and line.startswith("#include") and not at_store:
                fault(f, n, "RocksDB is for core/store alone")
            if line.startswith("#include <boost/beast") and "server/http/session." not in f:
                fault(f, n, "Beast is for server/http/session alone")


def limits():
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    for f in FILES:
        if f.startswith("tests/"):
            continue
        for n, line in enumerate(LINES[f], 1):
            found = re.search(r"\bconstexpr\b[^=(]*\b(kMax\w+) *[={]", line)
            if not found:
                continue
            if not f.endswith("limits.h"):
                fault(f, n, f"{found.group(1)} stands outside a limits.h")
            elif not re.search(rf"\b{found.group(1)}\b", readme):
                fault(f, n, f"{found.group(1)} has no row in README.md")


DECLARED = re.compile(
    r"^(?:  )?(?!return|delete|using|typedef|else|throw|case|goto|friend|public|private)"
    r"(?:[\w:<>,&*\[\]\" ]+[&* ])?(?:(k[A-Z]\w+)(?: =|\{)|([A-Z]\w+|[a-z]\w+)\()")
# Declared for the language or the standard library, which use them unseen.
USED_UNSEEN = {"operator", "explicit", "static_assert", "allocate", "deallocate"}


def declarations():
    everywhere = listed("*.h", "*.cc", "*.inc", "*.proto")
    count = collections.Counter()
    for f in everywhere:
        text = (ROOT / f).read_text(encoding="utf8")
        count.update(re.findall(r"\b\w+\b", re.sub(r"//.*", "", text)))
    for f in HEADERS:
        depth_comment = False
        for n, line in enumerate(LINES[f], 1):
            if line.lstrip().startswith("//") or depth_comment or line.startswith("#"):
                continue
            found = DECLARED.match(line)
            name = found and (found.group(1) or found.group(2))
            if not name or name.startswith("ABSL_") or name in USED_UNSEEN:
                continue
            # A name that stands once is declared and no more; twice with a definition of its own.
            definition = sum(len(re.findall(rf"^(?:\w[^;\n]*[ *&:])?{name}\(", TEXT[g], re.M))
                             for g in {f[:-1] + "cc"} & set(FILES))
            defined_apart = definition == 1 and not line.rstrip().endswith("{")
            if count[name] <= 1 or (count[name] == 2 and defined_apart):
                fault(f, n, f"{name} is declared and nobody uses it")


EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "common", "impl"}
EMPTY_NAME = re.compile(
    r"\b(?:class|struct|namespace) (\w*(?:Util|Helper|Manager|Common|Impl)\w*)\b")


def words():
    for f in FILES:
        if set(re.split(r"[/_.]", f)) & EMPTY_WORDS:
            fault(f, 1, "a file is named by what it does")
        for n, line in enumerate(LINES[f], 1):
            found = EMPTY_NAME.search(line)
            if found:
                fault(f, n, f"{found.group(1)}: name it by what it does")


RULES = [lines, functions, headers, places, layers, limits, declarations, words]
wanted = sys.argv[1:] or [rule.__name__ for rule in RULES]
for rule in RULES:
    if rule.__name__ in wanted:
        rule()
print("\n".join(faults) if faults else f"{len(FILES)} files keep the rules: {', '.join(wanted)}")
sys.exit(1 if faults else 0)
