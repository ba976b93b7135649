"""A run night after night: what is worked on and why, what stands, and that nothing else is done."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from command import rows
from invented import ENGLISH, NEWS, SHOP

from pipeline import fingerprint, ingest
from pipeline import run as module
from pipeline.errors import SettingsError
from pipeline.records import Policy
from pipeline.run import Options, limits, run, work
from pipeline.run.limits import Limits
from pipeline.run.status import status
from pipeline.run.task import STAGES, Done, Settings, Task
from pipeline.sources import Document
from pipeline.store import open_store

SPREAD = import_module("pipeline.run.spread")
OTHER = SHOP.replace("LÁ XANH", "HOA SEN").replace("Lá Xanh", "Hoa Sen").replace("laxanh", "hoasen")
LONGER = SHOP.replace("24 tháng", "36 tháng")


class Nights:
    """A folder of policies and the output of the runs over it; each run tells what it worked on, by stage."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out = folder / "raw", folder / "out"
        self.source.mkdir()

    def put(self, name: str, text: str) -> None:
        (self.source / name).parent.mkdir(parents=True, exist_ok=True)
        (self.source / name).write_text(text, encoding="utf-8")

    def run(self, **chosen: object) -> module.Outcome:
        known = {"reports": False, **chosen}
        return run(str(self.source), self.out, Options(**known))  # type: ignore[arg-type]

    def work(self) -> dict[str, str]:
        """What the next run would do, by document: its reasons without repetitions."""
        found = status(str(self.source), self.out)
        return {s.doc_id: "; ".join(dict.fromkeys(s.reasons.values())) for s in found}

    def answers(self, attribute: str = "retention") -> dict[str, str]:
        return {r["doc_id"]: r["answer"] for r in rows(self.out / "findings.csv") if r["attribute"] == attribute}

    def compared(self) -> list[str]:
        return [r["doc_id"] for r in rows(self.out / "policies.csv") if r["compared"] == "True"]


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    """Two policies, run over once."""
    made = Nights(tmp_path)
    made.put("laxanh.txt", SHOP)
    made.put("hoasen.txt", OTHER)
    made.run()
    return made


Step = Callable[[Nights], object]


@pytest.mark.parametrize(
    ("step", "reasons", "analysed"),
    [
        pytest.param(lambda n: None, {}, 0, id="nothing"),
        pytest.param(lambda n: os.utime(n.source / "laxanh.txt", (1, 1)), {}, 0, id="another time"),
        pytest.param(lambda n: n.put("laxanh.txt", LONGER), {"laxanh": "changed"}, 1, id="changed"),
        pytest.param(lambda n: n.put("new.txt", LONGER), {"new": "new"}, 1, id="new"),
        pytest.param(lambda n: n.put("copy.txt", SHOP), {}, 0, id="copied"),
        pytest.param(
            lambda n: (n.source / "laxanh.txt").rename(n.source / "renamed.txt"), {"laxanh": "gone"}, 0, id="renamed"
        ),
        pytest.param(lambda n: (n.source / "laxanh.txt").unlink(), {"laxanh": "gone"}, 0, id="deleted"),
        pytest.param(
            lambda n: n.put("sources.csv", "file,vendor,sector\nlaxanh.txt,Lá,bán lẻ\n"), {}, 0, id="another vendor"
        ),
        pytest.param(lambda n: n.put("en.txt", ENGLISH), {"en": "new"}, 1, id="broken"),
    ],
)
def test_only_what_is_new_or_changed_is_worked_on(
    nights: Nights, step: Step, reasons: Mapping[str, str], analysed: int
) -> None:
    step(nights)
    found = {doc_id: why for doc_id, why in nights.work().items() if why != "up to date"}
    assert found == reasons
    assert nights.run().facts["counts"]["analysed"] == analysed
    assert set(nights.work().values()) <= {"up to date", "failed before"}
    ids = {path.relative_to(nights.source).with_suffix("").as_posix() for path in nights.source.rglob("*.txt")}
    assert set(nights.answers()) == ids - {"en"}


def test_a_restored_file_is_known(nights: Nights) -> None:
    nights.put("laxanh.txt", LONGER)
    nights.run()
    assert nights.answers()["laxanh"] == "P36M"
    nights.put("laxanh.txt", SHOP)
    assert nights.run().facts["counts"]["analysed"] == 0
    assert nights.answers()["laxanh"] == "P24M"
    with open_store(nights.out) as store:
        versions = store.versions("laxanh")
        assert [store.findings(v)[0].doc_id for v in versions] == ["laxanh", "laxanh"]
        assert [(v.present, v.stands) for v in versions] == [
            (False, False),
            (True, True),
        ]  # newest again


def test_copies_of_a_file_that_fails_fail_of_the_same_and_cost_nothing(nights: Nights) -> None:
    for name in ("empty", "em\npty", "hollow", "void"):
        nights.put(f"{name}.txt", "")
    nights.put("mai.txt", LONGER)
    outcome = nights.run()
    assert outcome.facts["counts"]["analysed"] == 2
    assert [(f.source, f.error) for f in outcome.new] == [
        (f"{name}.txt", "EmptyFile") for name in ("em\npty", "empty", "hollow", "void")
    ]
    assert {f.message.partition(": ")[::2] for f in outcome.new} == {
        (name, "the file is empty. Collect the page again")
        for name in (r"em\npty.txt", "empty.txt", "hollow.txt", "void.txt")
    }
    again = nights.run()
    assert (again.failures, again.new, again.facts["counts"]["analysed"]) == (outcome.failures, [], 0)


@pytest.mark.parametrize(("later", "failures"), [(OTHER.replace("24", "30"), []), ("", [("mai.txt", "EmptyFile")])])
def test_a_file_that_changes_after_it_was_planned(
    nights: Nights, monkeypatch: pytest.MonkeyPatch, later: str, failures: list[tuple[str, str]]
) -> None:
    """What it has when it is read counts; no other is done again, and its copy has still what both had."""
    planned = module.plan

    def plan(*given: object) -> object:
        made = planned(*given)  # type: ignore[arg-type]
        nights.put("mai.txt", later)
        return made

    for name in ("mai", "sao"):
        nights.put(f"{name}.txt", LONGER)
    nights.put("lan.txt", LONGER.replace("36", "60"))
    monkeypatch.setattr(module, "plan", plan)
    outcome = nights.run()
    assert [(f.source, f.error) for f in outcome.failures] == failures
    assert outcome.facts["counts"]["analysed"] == 3
    assert nights.answers() == {
        **{"laxanh": "P24M", "hoasen": "P24M", "sao": "P36M", "lan": "P60M"},
        **({} if failures else {"mai": "P30M"}),
    }


def test_meta_data_and_vendors_are_those_of_today(nights: Nights) -> None:
    nights.put("sources.csv", "file,vendor,sector\nlaxanh.txt,Lá,bán lẻ\n")
    nights.run()
    policy = next(r for r in rows(nights.out / "policies.csv") if r["doc_id"] == "laxanh")
    assert (policy["vendor"], json.loads(policy["meta"])) == ("Lá", {"sector": "bán lẻ"})
    assert {r["vendor"] for r in rows(nights.out / "findings.csv")} == {"Lá", "hoasen"}


def test_a_late_version_does_not_displace_a_newer_one(nights: Nights) -> None:
    nights.put("mai/2025-03-01.txt", LONGER)
    nights.run()
    nights.put("mai/2024-03-01.txt", SHOP)
    nights.run()
    assert [doc_id for doc_id in nights.compared() if doc_id.startswith("mai")] == ["mai/2025-03-01"]
    with open_store(nights.out) as store:
        assert [v.doc_id for v in store.versions("mai")] == ["mai/2024-03-01", "mai/2025-03-01"]


@pytest.mark.parametrize(
    "broken", [ENGLISH, NEWS * 5, SHOP[:150], ""], ids=["other language", "other page", "stub", "empty"]
)
def test_a_broken_scrape_leaves_the_last_good_version_in_place(nights: Nights, broken: str) -> None:
    nights.put("laxanh.txt", broken)
    nights.run()
    assert nights.answers()["laxanh"] == "P24M"
    assert sorted(nights.compared()) == ["hoasen", "laxanh"]
    nights.put("laxanh.txt", LONGER)
    nights.run()
    assert nights.answers()["laxanh"] == "P36M"


@pytest.mark.parametrize(
    ("changed", "first"),
    [("findings", "compare"), ("classify.py", "classify"), ("segment", "segment"), ("formats", "ingest")],
)
def test_after_an_upgrade_work_begins_at_the_stage_that_changed(
    nights: Nights, monkeypatch: pytest.MonkeyPatch, changed: str, first: str
) -> None:
    before = (nights.out / "sentences.csv").read_bytes(), nights.answers()
    nights.put("laxanh.txt", LONGER)
    nights.run()
    files = fingerprint.of_files
    monkeypatch.setattr(fingerprint, "of_files", lambda *names: "new" if changed in names else files(*names))
    work.loaded.cache_clear()
    stages = next(s.reasons for s in status(str(nights.source), nights.out) if s.doc_id == "hoasen")
    assert stages[first] == "fingerprint changed (of code and data)"
    assert {stages[stage] for stage in STAGES[STAGES.index(first) + 1 :]} == {f"rests on {first}"}
    assert {stages[stage] for stage in STAGES[: STAGES.index(first)]} == {"up to date"}
    outcome = nights.run()
    work.loaded.cache_clear()
    assert outcome.facts["counts"]["analysed"] == 3  # the version that was overwritten too
    assert nights.answers() == {**before[1], "laxanh": "P36M"}
    with open_store(nights.out) as store:
        assert len({tuple(store.analysis(v).fingerprints.values()) for v in store.versions()}) == 1


def test_another_day_asks_again_only_where_the_law_is_another(nights: Nights) -> None:
    assert nights.run(as_of=date(2026, 7, 2)).facts["counts"]["analysed"] in (0, 2)
    assert nights.run(as_of=date(2026, 7, 3)).facts["counts"]["analysed"] == 0
    assert nights.run(as_of=date(2026, 6, 30)).facts["counts"]["analysed"] == 2


def test_files_are_written_again_only_when_something_changed(nights: Nights) -> None:
    nights.run(reports=True)
    before = {path: path.stat().st_mtime_ns for path in nights.out.iterdir() if path.is_file()}
    nights.run(reports=True)
    changed = {path.name for path, when in before.items() if path.stat().st_mtime_ns != when}
    assert changed == {"run.json"}


def test_failures_are_not_tried_again_and_told_once(nights: Nights) -> None:
    nights.put("en.txt", ENGLISH)
    first = nights.run()
    assert [failure.error for failure in first.new] == ["NotVietnamese"]
    second = nights.run()
    assert (second.failures, second.new) == (first.failures, [])
    assert second.facts["counts"]["analysed"] == 0
    assert nights.work()["en"] == "failed before"


def test_processes_give_what_one_process_gives(tmp_path: Path) -> None:
    from corpus import write

    write(tmp_path / "raw", 6)
    one, two = tmp_path / "one", tmp_path / "two"
    run(str(tmp_path / "raw"), one, Options(jobs=1, reports=False))
    spread_over = pytest.MonkeyPatch()
    spread_over.setattr(SPREAD, "CHUNK", 2)
    outcome = run(str(tmp_path / "raw"), two, Options(jobs=2, reports=False))
    spread_over.undo()
    for path in one.glob("*.csv"):
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name
    assert outcome.facts["counts"]["analysed"] == 6
    assert json.loads((two / "run.json").read_text())["processes"] == 3


def test_a_run_loads_neither_scikit_learn_nor_skops(nights: Nights, tmp_path: Path) -> None:
    """Their import takes two seconds, as much as all else of a run over a few policies."""
    code = f"""
import sys
from pipeline.cli import main
main(["run", {str(nights.source)!r}, "--out", {str(tmp_path / "new")!r}, "--jobs", "1"])
print(sorted({{"sklearn", "skops"}} & set(sys.modules)), file=sys.stderr)
"""
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.stderr == "[]\n"


def test_a_cluster_gives_what_one_process_gives_though_a_worker_dies(tmp_path: Path) -> None:
    """A scheduler and two workers on loopback; one of them is killed when the first chunk is done."""
    from corpus import write
    from distributed import Client, LocalCluster

    write(tmp_path / "raw", 6)
    one, two = tmp_path / "one", tmp_path / "two"
    run(str(tmp_path / "raw"), one, Options(jobs=1, reports=False))
    spread_over = pytest.MonkeyPatch()
    spread_over.setattr(SPREAD, "CHUNK", 1)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        with Client(cluster) as client:
            pids = list(client.run(os.getpid).values())
        events = []

        def watch(event: str, **facts: object) -> None:
            if event == "done" and "done" not in events:
                os.kill(pids[0], signal.SIGKILL)
            events.append(event)

        options = Options(scheduler=cluster.scheduler_address, reports=False)
        outcome = run(str(tmp_path / "raw"), two, options, watch)
    spread_over.undo()
    assert (events.count("done"), outcome.failures) == (6, [])
    for path in one.glob("*.csv"):
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name


def test_a_scheduler_that_does_not_answer_is_wrong_usage(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SPREAD, "WAIT", 1)
    nights.put("new.txt", LONGER)
    with pytest.raises(SettingsError, match=r"tcp://127\.0\.0\.1:9: no scheduler answers there"):
        nights.run(scheduler="tcp://127.0.0.1:9")
    assert nights.run().facts["counts"]["analysed"] == 1


def test_the_morning_text_says_what_changed_and_what_is_a_broken_scrape(nights: Nights, tmp_path: Path) -> None:
    nights.put("laxanh.txt", LONGER)
    nights.put("hoasen.txt", OTHER[:150])
    nights.put("en.txt", ENGLISH)
    nights.run(summary=tmp_path / "mail.txt")
    text = (tmp_path / "mail.txt").read_text(encoding="utf-8")
    assert text.startswith("3 policies: 1 new, 2 changed, 0 gone, 1 failed (1 of them new), 1 put aside")
    assert "- laxanh: retention P24M -> P36M; 1 sentences differ" in text
    assert "- hoasen: " in text.split("Put aside")[1]
    assert "- en.txt: the text is not Vietnamese" in text


def test_a_runaway_is_a_failure() -> None:
    short = Limits(0.05)
    with pytest.raises(limits.TooSlow, match=r"a\.txt: it takes more than 0\.05 s"), limits.bounded("a.txt", short):
        time.sleep(5)
    few = Limits(60, 100)
    with pytest.raises(limits.TooMuchMemory, match=r"a\.txt: it takes more than 100 MB"), limits.bounded("a.txt", few):
        bytearray(2_000_000_000)
    with ThreadPoolExecutor(1) as threads, pytest.raises(limits.TooSlow, match=r"a\.txt: it takes more than 0\.05 s"):
        threads.submit(run_away, short).result()
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert len(bytearray(200_000_000)) == 200_000_000


def run_away(bound: Limits) -> None:
    with limits.bounded("a.txt", bound):
        while True:
            pass


def test_a_thread_that_ends_in_time_is_left_alone() -> None:
    """Also where the bound is reached at the very end."""

    def ends(seconds: float) -> None:
        with suppress(limits.TooSlow), limits.bounded("a.txt", Limits(seconds)):
            sum(range(10_000))
        sum(range(1_000))

    with ThreadPoolExecutor(1) as threads:
        for future in [threads.submit(ends, number / 1_000_000) for number in range(1_000)]:
            future.result()


def test_a_runaway_on_a_dask_worker_is_a_failure(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its threads share a process: they work one at a time, and are bounded all the same."""
    from distributed import Client

    at_once: list[str] = []

    def policy_in(document: Document, raw: bytes) -> Policy:
        at_once.append(document.doc_id)
        assert len(at_once) == 1
        time.sleep(0.5)
        at_once.clear()
        while document.doc_id == "runaway":
            pass
        return ingest.policy_in(document, raw)

    monkeypatch.setattr(work, "policy_in", policy_in)
    monkeypatch.setattr(SPREAD, "CHUNK", 1)
    for months, name in enumerate(["first", "runaway", "second"], 40):
        nights.put(f"{name}.txt", SHOP.replace("24 tháng", f"{months} tháng"))
    with Client(processes=False, n_workers=1, threads_per_worker=3, dashboard_address=":0") as client:
        outcome = nights.run(scheduler=client.scheduler.address, limits=Limits(5))
    assert [(f.source, f.error) for f in outcome.failures] == [("runaway.txt", "TooSlow")]
    assert {"first": "P40M", "second": "P42M"}.items() <= nights.answers().items()


def test_a_killed_worker_costs_one_document_at_most(tmp_path: Path) -> None:
    """`deadly` kills its process whenever it is worked on; what shared its chunk is done by another."""
    tasks = [task(name) for name in ("a", "deadly", "b", "c", "d")]
    spread_over = pytest.MonkeyPatch()
    spread_over.setattr(SPREAD, "CHUNK", 2)
    spread_over.setattr(SPREAD, "work", pretend)
    done = list(SPREAD.spread(tasks, settings_of(tmp_path), 2, None))
    spread_over.undo()
    assert sum(d.documents for d in done) == 5
    assert [(f.failure.source, f.failure.error) for d in done for f in d.failed] == [("deadly.txt", "WorkerKilled")]


def test_ctrl_c_of_a_terminal_reaches_no_worker_not_even_while_it_starts() -> None:
    with SPREAD._processes(1) as (executor, _):
        assert signal.SIGINT in executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_workers_end_with_a_run_that_is_killed() -> None:
    """They hold what it prints to, so that the pipe is closed only when the last of them has ended."""
    code = """
import time
from importlib import import_module
with import_module("pipeline.run.spread")._processes(2) as (executor, _):
    print(executor.submit(len, "ab").result(), flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "2\n"
    process.kill()
    process.communicate(timeout=30)


def lengths(sizes: list[int], processes: int) -> list[int]:
    """The number of documents of each chunk."""
    tasks = [replace(task(str(place)), size=size) for place, size in enumerate(sizes)]
    parts = SPREAD.chunks(tasks, processes)
    assert [t for part in parts for t in part] == tasks
    return [len(part) for part in parts]


def test_the_last_chunks_are_small_so_that_no_process_waits_long() -> None:
    made = lengths([6_000] * 1000, 2)
    assert made == sorted(made, reverse=True)
    assert (made[0], made[-1] <= 9) == (SPREAD.CHUNK, True)
    assert lengths([6_000] * 1000, 1) == [*[SPREAD.CHUNK] * 15, 40]
    assert lengths([6_000] * 100, 4) == [13, 11, 10, 9, *[9] * 6, 3]
    assert lengths([60_000] * 5, 2) == [2, 1, 1, 1]
    assert lengths([100] * 5, 2) == [5]
    assert lengths([], 2) == []


def test_chunks_are_bounded_in_documents_and_bytes() -> None:
    sizes = [0] * 200 + [1_500_000, 1_500_000, 9_000_000, 10]
    tasks = [replace(task(str(place)), size=size) for place, size in enumerate(sizes)]
    parts = SPREAD.chunks(tasks, 2)
    assert [t for part in parts for t in part] == tasks
    assert max(len(part) for part in parts) <= SPREAD.CHUNK
    assert all(len(part) == 1 or sum(t.size for t in part) <= SPREAD.CHUNK_BYTES for part in parts)


def pretend(chunk: "list[Task]", settings: Settings) -> Done:
    """Does nothing, unless the task is deadly."""
    time.sleep(0.1)
    if any(t.document.doc_id == "deadly" for t in chunk):
        os.kill(os.getpid(), signal.SIGKILL)
    return Done(documents=len(chunk), process=os.getpid())


def task(name: str) -> Task:
    document = Document(doc_id=name, vendor=name, name=f"{name}.txt", path=Path(f"{name}.txt"))
    return Task(document=document, content=f"{name}.txt", sha256="", size=1, first="raw")


def settings_of(folder: Path) -> Settings:
    return Settings(store=folder, model=None, as_of=date.today(), fingerprints={})
