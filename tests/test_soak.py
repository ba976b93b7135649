"""The short form of `make soak`: runs killed, out of disk, read-only, two at once, or whose clock is set back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import corpus
import pytest
import soak
from command import vnpolicy
from invented import SHOP

from pipeline.run import Options, run
from pipeline.store import catalogue, open_store


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """Eight policies, and the tables of a run over them that nothing disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    corpus.write(folder / "raw", 8)
    run(str(folder / "raw"), folder / "out", Options(reports=False))
    return folder / "raw", soak.tables(folder / "out")


def test_killed_runs_lose_nothing(undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    source, expected = undisturbed
    soak.disturbed(source, tmp_path / "out", kills=3, longest=6, seed=1)
    run(str(source), tmp_path / "out", Options(reports=False))
    assert soak.tables(tmp_path / "out") == expected


@pytest.mark.parametrize("largest", [10_000, 60_000, 110_000])
def test_a_full_disk_stops_a_run_and_leaves_nothing_half_written(
    undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path, largest: int
) -> None:
    source, expected = undisturbed
    process = soak.start(source, tmp_path / "out", largest=largest)
    said = process.communicate()[1]
    assert process.returncode == 2, said
    assert said.startswith("vnpolicy: ")
    assert "cannot be written" in said
    assert "Traceback" not in said
    assert not list(tmp_path.rglob("*.partial"))
    soak.check_readable(tmp_path / "out")
    run(str(source), tmp_path / "out", Options(reports=False))
    assert soak.tables(tmp_path / "out") == expected


@pytest.mark.parametrize("where", ["a file", "store is a file", "no such device"])
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_done(tmp_path: Path, where: str) -> None:
    (tmp_path / "a.txt").write_text(SHOP, encoding="utf-8")
    out = tmp_path / "out"
    if where == "a file":
        out.write_text("")
    elif where == "store is a file":
        out.mkdir()
        (out / "store").write_text("")
    else:
        out = Path("/proc/vnpolicy")
    result = vnpolicy("run", tmp_path / "a.txt", "--out", out, "--quiet")
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1), result.stderr
    assert "cannot be written" in result.stderr


def test_two_runs_at_once(undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    source, expected = undisturbed
    first = soak.start(source, tmp_path / "out")
    while not (tmp_path / "out" / "store" / "lock.json").exists():
        time.sleep(0.02)
    second = soak.start(source, tmp_path / "out")
    said = second.communicate()[1]
    assert second.returncode == 3
    assert f"process {first.pid} on " in said
    assert first.wait() == 0
    assert soak.tables(tmp_path / "out") == expected


def test_a_clock_that_is_set_back_does_not_turn_versions_round(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for months in (24, 36, 48):
        text = SHOP.replace("24 tháng", f"{months} tháng")
        (tmp_path / "raw" / "a.txt").write_text(text, encoding="utf-8")
        run(str(tmp_path / "raw"), tmp_path / "out", Options(reports=False))
        connection = catalogue.connect(tmp_path / "out" / "store", write=True)
        connection.execute("UPDATE runs SET started = '2999-01-01T00:00:00+00:00' WHERE id = 1")
        connection.close()
    with open_store(tmp_path / "out") as store:
        terms = [[f.answer for f in store.findings(v) if f.attribute == "retention"] for v in store.versions("a")]
        assert terms == [[("P24M",)], [("P36M",)], [("P48M",)]]
        assert [v.stands for v in store.versions("a")] == [False, False, True]


def test_what_a_killed_run_left_is_swept_but_not_what_a_living_process_writes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SHOP, encoding="utf-8")
    folder = tmp_path / "out" / "store" / "batches"
    run(str(tmp_path / "a.txt"), tmp_path / "out", Options(reports=False))
    listed = {path.name for path in folder.iterdir()}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as living:
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        kept = f"raw-0-aa.parquet.{living.pid}.partial"
        for name in (kept, f"raw-0-ab.parquet.{dead.pid}.partial", "raw-0-ac.parquet"):
            (folder / name).write_bytes(b"half")
        (tmp_path / "out" / "sentences.csv.partial").write_bytes(b"half")
        (tmp_path / "out" / "mine.partial").write_bytes(b"the user's")
        run(str(tmp_path / "a.txt"), tmp_path / "out", Options(reports=False))
        assert {path.name for path in folder.iterdir()} == listed | {kept}
        assert [path.name for path in (tmp_path / "out").glob("*.partial")] == ["mine.partial"]
        living.communicate(b"\n")


def test_failures_of_a_run_that_was_killed_before_its_end_are_still_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(SHOP, encoding="utf-8")
    (tmp_path / "raw" / "empty.txt").write_bytes(b"")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run.write_outputs", killed)
        with pytest.raises(KeyboardInterrupt):
            run(str(tmp_path / "raw"), tmp_path / "out", Options(reports=False))
    assert [f.error for f in run(str(tmp_path / "raw"), tmp_path / "out", Options(reports=False)).new] == ["EmptyFile"]
    assert run(str(tmp_path / "raw"), tmp_path / "out", Options(reports=False)).new == []


def test_ctrl_c_ends_a_run_cleanly(undisturbed: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    source, expected = undisturbed
    process = soak.start(source, tmp_path / "out", "--jobs", "2")
    while not (tmp_path / "out" / "store" / "lock.json").exists():
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert said == "vnpolicy: stopped; what is done is kept, the next run goes on from there\n"
    assert not (tmp_path / "out" / "store" / "lock.json").exists()
    assert not list((tmp_path / "out").rglob("*.partial"))
    run(str(source), tmp_path / "out", Options(reports=False))
    assert soak.tables(tmp_path / "out") == expected


def caught() -> None:
    """Ctrl-C in a library that catches all."""
    with suppress(BaseException):
        signal.raise_signal(signal.SIGINT)


class Dying:
    """Ctrl-C in a finaliser: Python can raise nothing there."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def turned() -> None:
    """Ctrl-C in a library that raises an error of its own in its place, as DuckDB does."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted") from None


@pytest.mark.parametrize("swallow", [caught, Dying, turned])
@pytest.mark.parametrize(
    "where", ["run.plan", "run.work.policy_in", "run.settle", "run.outputs.export", "cli.run._show"]
)
def test_ctrl_c_that_a_library_swallows_ends_a_run_all_the_same(
    undisturbed: tuple[Path, dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    swallow: Callable[[], object],
) -> None:
    source, expected = undisturbed
    place, name = f"pipeline.{where}".rsplit(".", 1)
    module = import_module(place)
    once: list[bool] = []
    usual = getattr(module, name)

    def interrupted(*arguments: Any, **named: Any) -> Any:
        if not once:
            once.append(True)
            swallow()
        return usual(*arguments, **named)

    monkeypatch.setattr(module, name, interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        stopped = vnpolicy("run", source, "--out", tmp_path / "out", "--no-reports", "--jobs", "1")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert (once, stopped.returncode) == ([True], 130), stopped.stderr
    assert stopped.stderr == "vnpolicy: stopped; what is done is kept, the next run goes on from there\n"
    assert not list((tmp_path / "out").rglob("*.partial"))
    assert run(str(source), tmp_path / "out", Options(reports=False)).failures == []
    assert soak.tables(tmp_path / "out") == expected
