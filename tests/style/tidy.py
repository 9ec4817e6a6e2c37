"""tidy.py BUILD_DIR [--deep]: see tests/style/tidy. Run from the project's root."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

build = pathlib.Path(sys.argv[1])
deep = []
if "--deep" in sys.argv[2:]:
    deep = ["--checks=bugprone-*,performance-*,clang-analyzer-*,"
            "-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,"
            "-bugprone-implicit-widening-of-multiplication-result,"
            "-bugprone-unchecked-optional-access,-clang-analyzer-optin.performance.Padding"]
root = pathlib.Path.cwd()
cache = os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")
memory = pathlib.Path(cache) / "wonbon-tidy"
memory.mkdir(parents=True, exist_ok=True)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


file_digests = {}


def file_digest(path):
    if path not in file_digests:
        file_digests[path] = hashlib.sha256(path.read_bytes()).hexdigest()
    return file_digests[path]


# Object -> files of ours it was made from, generated ones included.
dependencies, target = {}, None
for line in output("ninja", "-C", str(build), "-t", "deps").splitlines():
    if line and not line.startswith(" "):
        target = line.split(":")[0]
        dependencies[target] = []
    elif line.startswith("    "):
        path = pathlib.Path(os.path.normpath(build / line.strip()))
        if path.is_relative_to(root) and path.suffix in (".cc", ".h", ".inc"):
            dependencies[target].append(path)

packages = output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", "clang-tidy-14",
                  "libgrpc++-dev", "libabsl-dev", "librocksdb-dev", "libgtest-dev",
                  "libprotobuf-dev")
settings = digest((root / ".clang-tidy").read_text(), (root / "tests/.clang-tidy").read_text(),
                  packages, *deep)
jobs = []
for entry in json.loads((build / "compile_commands.json").read_text()):
    source = pathlib.Path(entry["file"])
    if not source.is_relative_to(root) or source.is_relative_to(build) or source.suffix != ".cc":
        continue
    command = re.sub(re.escape(str(root)), "", entry["command"])
    made_from = sorted(dependencies.get(entry.get("output", ""), [source]))
    key = digest(settings, command, *(f"{p.relative_to(root)} {file_digest(p)}" for p in made_from))
    jobs.append((source, memory / key))

todo = {source: key for source, key in jobs if not key.exists()}
print(f"{len(jobs)} files, {len(todo)} changed since they were found clean", flush=True)


def check(source, key):
    run = subprocess.run(["clang-tidy-14", "-p", str(build), "--quiet", *deep, str(source)],
                         capture_output=True, text=True, check=False)
    if run.returncode == 0:
        key.touch()
    return source, run


failed = 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for source, run in pool.map(lambda item: check(*item), todo.items()):
        if run.returncode != 0:
            failed += 1
            print(f"{source.relative_to(root)}:\n{run.stdout}{run.stderr[-2000:]}", flush=True)
print(f"clang-tidy: {failed} of {len(todo)} files have faults" if failed else "clang-tidy: clean")
sys.exit(1 if failed else 0)
