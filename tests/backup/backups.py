#!/usr/bin/env python3
"""The rounds of tests/backup/run. Prints a table; exit code 1 with a reason where anything is wrong.

usage: backups.py BUILD_DIR FOLDER --seed=N --rounds=N --flips=N --kills=N --seconds=N [--unjudged]
       FOLDER holds articles.jsonl
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "attacks"))
from steps import Server, check  # noqa: E402

MOST_PAUSE_MS = 50


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    for name in ("seed", "rounds", "flips", "kills", "seconds"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--unjudged", action="store_true")
    return parser.parse_args()


GIVEN = parse()
RANDOM = random.Random(GIVEN.seed)
ARTICLES = GIVEN.work / "articles.jsonl"
with open(ARTICLES, encoding="utf8") as lines:
    COUNT = sum(1 for line in lines)
BACKUPS = GIVEN.work / "backups"
SEED_FILE = GIVEN.work / "seed"
table = []


def say(what, *values):
    table.append((what, " ".join(map(str, values))))
    print(f"    {what}: {table[-1][1]}", flush=True)


def serve(data, *flags, backups=BACKUPS):
    return Server(GIVEN.build, GIVEN.work, data=data, flags=[f"--backup-dir={backups}", *flags])


def run(*command, code=0):
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                         timeout=600)
    check(code is None or ran.returncode == code, "exit code", ran.returncode, "of", command,
          ran.stdout[-500:], ran.stderr[-500:])
    return ran


def wonbon(server, *words, code=0):
    return run(GIVEN.build / "client/wonbon", f"--endpoint={server.grpc}", *words, code=code)


def refused(words, ran):
    said = ran.stdout + ran.stderr
    check(ran.returncode != 0, "was not refused:", ran.args)
    for word in [words] if isinstance(words, str) else words:
        check(word in said, "does not say", repr(word), "but:", said[-500:], ran.args)


def restore(backup, to, *flags, code=0):
    return run(GIVEN.build / "client/wonbon", "backup", "restore", BACKUPS / backup, to, *flags,
               code=code)


def load(*words):
    return [str(word) for word in (GIVEN.build / "tests/backup/backup_load", *words)]


def begin_writing(server, log, count=COUNT):
    return subprocess.Popen(load("write", server.grpc, ARTICLES, count, log),
                            stderr=subprocess.PIPE, text=True)


def metric(server, name):
    for line in server.get("/metrics")[1].splitlines():
        if line.split("{")[0].split(" ")[0] == name:
            return float(line.split()[-1])
    raise SystemExit(f"no metric {name}")


def compare(server, log, sequence):
    return json.loads(run(*load("compare", server.grpc, ARTICLES, log, sequence), code=None).stdout)


def create(server):
    made = json.loads(wonbon(server, "backup", "create", "--output", "jsonl").stdout)
    return made["name"], int(made["sequence"]), int(made["bytes"])


def backup_under_an_import(number):
    """One import with a backup in its midst, restored and compared. Every second with a seed file."""
    flags = [f"--seed-file={SEED_FILE}"] if number % 2 else []
    data, log = GIVEN.work / "data", GIVEN.work / "log"
    server = serve(data, *flags)
    writer = begin_writing(server, log)
    wanted = RANDOM.randrange(COUNT // 10, COUNT * 7 // 10)
    while metric(server, "wonbon_documents") < wanted and writer.poll() is None:
        time.sleep(0.02)
    began = time.monotonic()
    name, sequence, size = create(server)
    seconds = time.monotonic() - began
    check(writer.poll() is None, "the import was over before the backup was made")
    check(writer.wait(600) == 0, "the import failed:", writer.stderr.read())
    check("whole" in wonbon(server, "backup", "verify", name).stdout, name, "is not whole")
    server.stop()
    restored = GIVEN.work / "restored"
    restore(name, restored, *flags)
    run(GIVEN.build / "server/wonbond", "--verify", restored)
    server = serve(restored, *flags)
    found = compare(server, log, sequence)
    server.stop()
    check(found["acknowledged"] >= wanted, "the backup is of before it was asked for:", found)
    say(f"round {number}", f"sequence {sequence}, {size >> 20} MiB in {seconds:.2f} s,",
        f"{found['acknowledged']} acknowledged, {found['differ']} differ")
    check(found["differ"] == 0, "documents differ")
    shutil.rmtree(restored)
    return data, log, name, sequence


def flip(path, bit):
    with open(path, "r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def flips(server, log, name, sequence, flags):
    named = harmless = 0
    files = [path for path in (BACKUPS / name).rglob("*") if path.is_file() and path.stat().st_size]
    to = GIVEN.work / "flipped"
    for _ in range(GIVEN.flips):
        # Each file as often, and each bit of it: small ones hold what matters most.
        path = RANDOM.choice(files)
        bit = RANDOM.randrange(path.stat().st_size * 8)
        flip(path, bit)
        verified = wonbon(server, "backup", "verify", name, code=None)
        tried = restore(name, to, *flags, code=None)
        if verified.returncode == 0 and tried.returncode == 0:
            other = serve(to, *flags)
            check(compare(other, log, sequence)["differ"] == 0, path, bit, "harms silently")
            other.stop()
            shutil.rmtree(to)
            harmless += 1
        else:
            short = str(path.relative_to(BACKUPS / name))
            refused(short, verified)
            refused([short, name], tried)
            check(not to.exists(), path, bit, "was restored")
            named += 1
        flip(path, bit)
    check("whole" in wonbon(server, "backup", "verify", name).stdout, "the flips were not undone")
    say("bit flips", f"{GIVEN.flips}: {named} named, {harmless} harmless, 0 silent")


def kills():
    data, log = GIVEN.work / "killed", GIVEN.work / "killed.log"
    before = sorted(path.name for path in BACKUPS.iterdir())
    caught = 0
    for _ in range(GIVEN.kills):
        shutil.rmtree(data, ignore_errors=True)
        server = serve(data, "--durability=sync")
        writer = begin_writing(server, log)
        wanted = RANDOM.randrange(COUNT // 10, COUNT * 6 // 10)
        while metric(server, "wonbon_documents") < wanted:
            time.sleep(0.02)
        asked = subprocess.Popen([str(GIVEN.build / "client/wonbon"), f"--endpoint={server.grpc}",
                                  "backup", "create"], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        while not any(BACKUPS.glob("*.new")) and asked.poll() is None:
            time.sleep(0.001)
        time.sleep(RANDOM.random() * 0.05)
        server.process.kill()
        server.process.wait()
        writer.kill()
        writer.wait()
        asked.wait()
        writer.stderr.close()
        caught += any(BACKUPS.glob("*.new"))
        server = serve(data)
        check(not any(BACKUPS.glob("*.new")), "half a backup is left")
        check(not (data / "checkpoint").exists(), "half a checkpoint is left")
        listed = json.loads(wonbon(server, "backup", "list", "--output", "json").stdout)["backups"]
        for backup in listed:
            check(not backup.get("trouble"), "listed, and no good:", backup)
            if backup["name"] not in before:  # it was done just before the kill
                check("whole" in wonbon(server, "backup", "verify", backup["name"]).stdout)
                shutil.rmtree(BACKUPS / backup["name"])
        server.stop()
    say("kills within a backup", f"{GIVEN.kills}: {caught} half made, none listed or left")


def bad_targets(data, flags):
    """None harms the server, which writes on."""
    def cannot(reason, folder):
        server = serve(data, *flags, backups=folder)
        ran = wonbon(server, "backup", "create", code=1)
        refused(reason, ran)
        check(metric(server, "wonbon_backup_failures_total") == 1, "the failure is not counted")
        check(server.get("/readyz")[0] == 200, "a bad target makes the server unready")
        wonbon(server, "submit", f"--id=beside-{folder.name}", "--title=곁", "--body=백업 곁의 글")
        server.stop()

    cannot("there is no such folder", GIVEN.work / "missing")
    foreign = GIVEN.work / "foreign"
    foreign.mkdir()
    (foreign / "photos.zip").write_text("mine")
    cannot("found photos.zip", foreign)
    check((foreign / "photos.zip").read_text() == "mine", "a foreign file was touched")
    said = "missing, foreign: refused by name"
    with disk(1) as small:
        if small:
            cannot("no room", small)
            check(not list(small.iterdir()), "something is left on the full disk")
            said = "missing, foreign, full: refused by name"
    left_out = "" if "full" in said else " (a full one takes root: SKIPPED)"
    say("bad targets", said + left_out)


def bad_restores(data, name, flags):
    """Nothing that is there is touched, nothing that is no backup is taken."""
    def state(folder):
        return {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}

    server = serve(data, *flags)
    before = state(data)
    refused("holds a store", restore(name, data, *flags, code=None))
    check(state(data) == before, "a live store was touched")
    wonbon(server, "submit", "--id=lives", "--title=산다", "--body=서버는 계속 받는다")
    server.stop()
    mine = GIVEN.work / "mine"
    mine.mkdir()
    (mine / "notes").write_text("mine")
    refused("expected no folder, or an empty one", restore(name, mine, *flags, code=None))
    check([path.name for path in mine.iterdir()] == ["notes"], "a foreign folder was touched")
    refused("no file BACKUP", restore("../mine", GIVEN.work / "new", code=None))
    if flags:
        refused("--seed-file", restore(name, GIVEN.work / "new", code=None))
        other = GIVEN.work / "other-seed"
        other.write_bytes(b"o" * 16)
        other.chmod(0o400)
        refused("seed", restore(name, GIVEN.work / "new", f"--seed-file={other}", code=None))
    check(not (GIVEN.work / "new").exists(), "something was restored")
    say("restores", "onto a live store, a folder of others; of no backup, with a wrong seed:",
        "refused, nothing touched")


@contextlib.contextmanager
def disk(mib):
    folder = GIVEN.work / "disk"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "none", str(folder)],
                             stderr=subprocess.DEVNULL, check=False).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def submits(server, number, code=0):
    return wonbon(server, "submit", "--timeout=2s", f"--id=one-{number}", "--title=하나",
                  f"--body=한 편의 글 {number}", code=code)


def becomes_writable(server, number):
    began = time.monotonic()
    while submits(server, number, code=None).returncode != 0:
        check(time.monotonic() - began < 60, "writes do not resume:", server.get("/readyz?verbose"))
        time.sleep(0.1)
    return time.monotonic() - began


def expect_refusing(server, number, words, line, reading):
    refused(words, submits(server, number, code=None))
    verbose = server.get("/readyz?verbose")[1]
    check(any(words in one for one in verbose.splitlines() if one.startswith(line)), verbose)
    check(metric(server, reading) == 1, reading, "does not say it")
    check(wonbon(server, "get", "one-0").returncode == 0, "reads do not go on")


def read_only():
    server = serve(GIVEN.work / "read-only")
    submits(server, 0)
    wonbon(server, "read-only", "--reason=moving house")
    expect_refusing(server, 1, "moving house", "writes:", "wonbon_cannot_write")
    wonbon(server, "read-only", "--off")
    becomes_writable(server, 2)
    server.stop()
    say("read-only by an operator", "and back")
    with disk(160) as small:
        if not small:
            say("read-only by --disk-reserve", "SKIPPED: a small disk takes root")
            return
        server = serve(small / "data", "--disk-reserve=64MiB")
        submits(server, 0)
        filler = small / "filler"
        filler.write_bytes(bytes(90 << 20))
        time.sleep(2)
        expect_refusing(server, 1, "--disk-reserve", "writes:", "wonbon_cannot_write")
        filler.unlink()
        seconds = becomes_writable(server, 2)
        server.stop()
    say("read-only by --disk-reserve", f"and back by itself after {seconds:.1f} s")


def memory_limit():
    data = GIVEN.work / "memory"
    server = serve(data)
    submits(server, 0)
    server.stop()
    server = serve(data)
    limit = int(metric(server, "wonbon_memory_bytes")) + (24 << 20)
    server.stop()
    server = serve(data, f"--memory-limit={limit}B", "--max-body-bytes=3145728")
    crowd = subprocess.Popen(load("crowd", server.grpc, 3_000_000, 16, 8), stdout=subprocess.PIPE)
    said = dict.fromkeys(("a refusal", "/readyz?verbose", "the metric"), False)
    while not all(said.values()):
        check(crowd.poll() is None, "past", limit, "bytes of memory it is not all said:", said)
        said["a refusal"] |= "memory-limit" in submits(server, 1, code=None).stderr
        status, verbose = server.get("/readyz?verbose")
        said["/readyz?verbose"] |= "submissions: the server takes more memory" in verbose
        said["the metric"] |= metric(server, "wonbon_cannot_submit") == 1
        check(status == 200, "past --memory-limit it is to stay ready:", verbose)
    found = json.loads(crowd.communicate()[0])
    check(crowd.returncode == 0, "no read was answered:", found)
    seconds = becomes_writable(server, 2)
    server.stop()
    say("--memory-limit", f"refused, {found['answered']} checks answered meanwhile;",
        f"taken again by itself after {seconds:.1f} s")


def pauses(data, flags):
    server = serve(data, "--backup-keep=1", *flags)
    first = COUNT

    def measure():
        nonlocal first
        first += 1_000_000
        return load("pauses", server.grpc, ARTICLES, first, GIVEN.seconds)

    alone = json.loads(run(*measure()).stdout)
    beside = subprocess.Popen(measure(), stdout=subprocess.PIPE, text=True)
    made = 0
    while beside.poll() is None:
        create(server)
        made += 1
    said = beside.communicate()[0]
    check(beside.returncode == 0 and said, "the writer failed beside backups")
    beside = json.loads(said)
    server.stop()
    for what, found in (("a writer alone", alone), (f"beside {made} backups", beside)):
        say(what, f"{found['submits']} submits, median {found['median_ms']} ms,",
            f"99 % {found['p99_ms']} ms, longest {found['longest_ms']} ms")
    # Where a writer waits longer without a backup, the machine does other things.
    check(GIVEN.unjudged or beside["longest_ms"] <= max(MOST_PAUSE_MS, alone["longest_ms"]),
          "a writer waited", beside["longest_ms"], "ms")


def main():
    BACKUPS.mkdir()
    SEED_FILE.write_bytes(RANDOM.randbytes(16))
    SEED_FILE.chmod(0o400)
    os.environ["XDG_STATE_HOME"] = str(GIVEN.work / "state")
    for number in range(GIVEN.rounds):
        shutil.rmtree(GIVEN.work / "data", ignore_errors=True)
        data, log, name, sequence = backup_under_an_import(number)
        flags = [f"--seed-file={SEED_FILE}"] if number % 2 else []
    server = serve(data, *flags)
    flips(server, log, name, sequence, flags)
    server.stop()
    bad_restores(data, name, flags)
    pauses(data, flags)
    bad_targets(data, flags)
    shutil.rmtree(data)
    kills()
    read_only()
    memory_limit()
    width = max(len(what) for what, _ in table)
    print(f"backup: --seed={GIVEN.seed}, {COUNT} articles")
    for what, value in table:
        print(f"{what:{width}}  {value}")


main()
