"""Runs that are disturbed: killed, out of disk, two at once, over damaged stores. `make soak` does it for long.

PYTHONPATH=benchmarks python tests/soak.py FOLDER [POLICIES] [KILLS] [SEED]
"""

import csv
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import corpus
import psutil

from pipeline.errors import NoStore
from pipeline.store import catalogue, open_store

TABLES = ("policies", "sentences", "clauses", "entities", "findings", "requirements", "failures")


def start(source: Path, out: Path, *options: str, largest: int | None = None) -> "subprocess.Popen[str]":
    """A run in a process group of its own; `largest`: bytes of a file beyond which its disk is full."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    command = [sys.executable, "-m", "pipeline.cli", "run", str(source), "--out", str(out), "--no-reports", "--quiet"]
    return subprocess.Popen(
        [*command, *options], stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=limit
    )


def finished(source: Path, out: Path, *options: str) -> dict[str, bytes]:
    """Runs to the end; the data tables without the time at which failures were first seen."""
    process = start(source, out, *options)
    said = process.communicate()[1]
    assert process.returncode in (0, 1), said
    return tables(out)


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.csv").read_bytes() for name in TABLES if name != "failures"}


def disturbed(source: Path, out: Path, kills: int, longest: float, seed: int) -> int:
    """Kills `kills` runs, after at most `longest` seconds each; says how many of them had ended before."""
    draw = random.Random(seed)
    ended = 0
    for _ in range(kills):
        process = start(source, out, "--jobs", "2")
        time.sleep(draw.uniform(0, longest))
        ended += process.poll() is not None
        whole = draw.random() < 0.5  # with its workers, or leaving these behind
        with suppress(ProcessLookupError):
            (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
        process.communicate()
        check_readable(out)
    return ended


def check_readable(out: Path) -> None:
    """Whatever a reader finds is whole: tables of CSV that end with a line, a store that answers."""
    for name in TABLES:
        path = out / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as handle:
                rows = list(csv.reader(handle, strict=True))
            assert {len(row) for row in rows} == {len(rows[0])}, path
            assert path.read_bytes().endswith(b"\n"), path
    with suppress(NoStore), open_store(out) as store:
        for version in store.versions():
            assert store.analysis(version).policy.text
        assert store.sql("SELECT count(*) FROM sentences").fetchall()[0][0] >= 0


def main(folder: Path, policies: int = 300, kills: int = 50, seed: int = 0) -> None:
    """Prints a line a step; an assertion fails where something was lost."""
    killed(folder, policies, kills, seed)
    few, out = folder / "few", folder / "few-out"
    corpus.write(few, 40, seed)
    expected = finished(few, out)
    full_disk(few, folder, expected)
    two_at_once(few, folder, expected, seed)
    worker_killed(folder, seed)
    clock_set_back(few, folder, expected)
    damaged(few, out, folder, seed)
    hostile(folder)


def killed(folder: Path, policies: int, kills: int, seed: int) -> None:
    """Killed at random moments, ten times a store, then run to its end: the same tables."""
    source = folder / "raw"
    corpus.write(source, policies, seed)
    began = time.monotonic()
    undisturbed = finished(source, folder / "undisturbed", "--jobs", "2")
    took = time.monotonic() - began
    print(f"undisturbed: {policies} policies in {took:.0f} s", flush=True)
    done, rounds = 0, 0
    while done < kills:
        out = folder / f"disturbed-{rounds}"
        some = min(10, kills - done)
        ended = disturbed(source, out, some, took / 3, seed + rounds)
        assert finished(source, out, "--jobs", "2") == undisturbed
        done, rounds = done + some, rounds + 1
        print(f"killed {done} times ({ended} of the last {some} had ended): same tables", flush=True)


def full_disk(source: Path, folder: Path, expected: dict[str, bytes]) -> None:
    """A small file system in memory, filled, enlarged, read-only; where mounting is forbidden files of limited size."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", disk], capture_output=True).returncode:
        for largest in (5_000, 20_000, 100_000, 200_000):
            refused(start(source, folder / "limited", largest=largest))
            check_readable(folder / "limited")
        assert finished(source, folder / "limited") == expected
        print("mounting is not allowed here; files of limited size: refused, then the same tables", flush=True)
        return
    try:
        for size in ("200k", "400k", "700k", "1m"):
            remount(disk, f"size={size}")
            refused(start(source, disk / "out"))
            check_readable(disk / "out")
        remount(disk, "size=100m")
        assert finished(source, disk / "out") == expected
        remount(disk, "ro")
        refused(start(source, disk / "out"))
        assert tables(disk / "out") == expected
    finally:
        subprocess.run(["umount", disk], check=True)
    print("a disk full four times, then large enough: same tables; read-only: refused, untouched", flush=True)


def remount(disk: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", disk], check=True)


def refused(process: "subprocess.Popen[str]") -> str:
    """What a run says that must stop with status 2 and one line."""
    said = process.communicate()[1]
    assert process.returncode == 2, said
    assert len(said.splitlines()) == 1, said
    return said


def two_at_once(source: Path, folder: Path, expected: dict[str, bytes], seed: int, times: int = 10) -> None:
    """A second run at some moment of the first is refused, or finds nothing to do."""
    draw, out, turned_away = random.Random(seed), folder / "two", 0
    for _ in range(times):
        shutil.rmtree(out, ignore_errors=True)
        first = start(source, out)
        time.sleep(draw.uniform(0, 3))
        second = start(source, out)
        for process in (first, second):
            process.communicate()
        ended = sorted([first.returncode, second.returncode])
        assert ended in ([0, 3], [0, 0]), ended
        turned_away += ended == [0, 3]
        assert tables(out) == expected
    print(f"two runs at once, {times} times: one was turned away {turned_away} times; same tables", flush=True)


def worker_killed(folder: Path, seed: int, policies: int = 150, times: int = 10) -> None:
    """The largest worker is killed, as a system does that has no memory left: the run ends, the next one has all."""
    source, out, missed, struck = folder / "many", folder / "struck", 0, 0
    corpus.write(source, policies, seed)
    expected, draw = finished(source, folder / "many-out", "--jobs", "2"), random.Random(seed)
    for _ in range(times):
        shutil.rmtree(out, ignore_errors=True)
        process = start(source, out, "--jobs", "2")
        while process.poll() is None and not (workers := psutil.Process(process.pid).children(recursive=True)):
            time.sleep(0.1)
        time.sleep(draw.uniform(0, 5))
        with suppress(psutil.NoSuchProcess):
            max(workers, key=lambda worker: worker.memory_info().rss).kill()
            struck += 1
        said = process.communicate()[1]
        assert process.returncode in (0, 1), said
        missed += process.returncode
        assert finished(source, out, "--jobs", "2") == expected
    print(f"a worker killed {struck} times: {missed} runs had failures, the next had the same tables", flush=True)


def clock_set_back(source: Path, folder: Path, expected: dict[str, bytes]) -> None:
    """Runs of a year that has not come yet are followed by one of today: it is the later one all the same."""
    changing, out = folder / "changing", folder / "clock"
    shutil.copytree(source, changing)
    victim = sorted(changing.rglob("*.txt"))[0]
    now = victim.read_bytes()
    victim.write_bytes(now + "\n\nChúng tôi lưu trữ dữ liệu trong 77 tháng.\n".encode())
    finished(changing, out)
    with closing(catalogue.connect(out / "store", write=True)) as connection:
        connection.execute("UPDATE runs SET started = '2999-01-01T00:00:00+00:00'")
    victim.write_bytes(now)
    assert {name: text for name, text in finished(changing, out).items() if name != "policies"} == {
        name: text for name, text in expected.items() if name != "policies"
    }
    print("a clock set back: the later run stands", flush=True)


def damaged(source: Path, out: Path, folder: Path, seed: int, times: int = 20) -> None:
    """A store of which a file is cut short, or that a later version wrote, is refused and not touched."""
    draw = random.Random(seed)
    for number in range(times):
        spoilt = folder / "spoilt"
        shutil.rmtree(spoilt, ignore_errors=True)
        shutil.copytree(out, spoilt)
        if number:
            files = sorted(p for p in (spoilt / "store").rglob("*") if p.suffix in (".sqlite", ".parquet"))
            victim = files[0] if number % 2 else draw.choice(files)
            victim.write_bytes(victim.read_bytes()[: draw.randrange(victim.stat().st_size)])
        else:
            with closing(sqlite3.connect(catalogue.path_of(spoilt / "store"))) as connection:
                connection.execute("PRAGMA user_version = 99")
        before = {
            path: path.read_bytes() for path in spoilt.rglob("*") if path.suffix in (".sqlite", ".parquet", ".csv")
        }
        refused(start(source, spoilt))
        assert {path: path.read_bytes() for path in before} == before
    print(f"a store of a later version, and {times - 1} cut short: refused, untouched", flush=True)


def hostile(folder: Path, policies: int = 1000) -> None:
    """One file of a hundred is hostile: each is a failure, all others are done, and the next night it is no news."""
    source, out = folder / "hostile", folder / "hostile-out"
    corpus.write(source, policies - policies // 100, 1)
    bad = [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"\0" * 5000, b"(" * 2_000_000, b"%PDF-1.4 cut"]
    for number in range(policies // 100):
        suffix = "pdf" if bad[number % len(bad)].startswith(b"%PDF") else "txt"
        (source / f"bad-{number}.{suffix}").write_bytes(bad[number % len(bad)])
    for expected in (1, 0):
        process = start(source, out)
        said = process.communicate()[1]
        assert process.returncode == expected, said
        with open_store(out) as store:
            assert len(store.failures()) == policies // 100
            assert sum(v.stands for v in store.versions()) == policies - policies // 100
    print(f"hostile: {policies // 100} failures among {policies}, status 1, then 0", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
