"""Runs that are disturbed: killed at random moments, out of disk, read-only. `make soak` does it for long.

python tests/soak.py FOLDER [POLICIES] [KILLS] [SEED]
"""

import csv
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import corpus

from pipeline.errors import NoStore
from pipeline.store import open_store

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
    hostile(folder)


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
