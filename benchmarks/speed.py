"""How fast the pipeline is: each step of a run on one core, against word segmentation alone and a notebook on the
same text; then whole runs of the command over growing folders.

`make bench` prints the tables and writes docs/bench.md and docs/bench.png. Stages and rivals are measured in CPU
seconds of this process, in turns, the best round of each; runs on the clock and in CPU seconds.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from corpus import ROOT, policies, write
from rivals import RIVALS

REST = "reading, doubts, rows"
"""What a run does with a document besides its stages and the writing of its batches."""

AS_OF = date(2026, 7, 1)


class Run(NamedTuple):
    """One run of the command. Seconds on the clock and of CPU, peak memory of the largest process in MB."""

    policies: int
    jobs: int
    characters: int
    wall: float
    cpu: float
    memory: float


def stages(texts: Sequence[str]) -> dict[str, float]:
    """CPU seconds of each step of a run over the texts, as one process works through them.

    They are shared out as the steps took their time: asking for CPU seconds at each step takes longer than many steps.
    """
    from pipeline.run.spread import chunks
    from pipeline.run.task import Settings, Task
    from pipeline.run.work import loaded, work
    from pipeline.sources import discover

    analyser = loaded(None, AS_OF)
    seconds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        raw, store = Path(scratch) / "raw", Path(scratch) / "store"
        raw.mkdir()
        for number, text in enumerate(texts):
            (raw / f"{number:06}.txt").write_text(text, encoding="utf-8", newline="\n")
        tasks = [
            Task(document=d, content=d.doc_id, sha256="", size=(raw / f"{d.doc_id}.txt").stat().st_size, first="raw")
            for d in discover(str(raw))
        ]
        settings = Settings(store=store, model=None, as_of=AS_OF, fingerprints=analyser.fingerprints)
        clock, started = time.perf_counter(), time.process_time()
        for chunk in chunks(tasks):
            seconds.update(work(chunk, settings).seconds)
        whole, taken = time.process_time() - started, time.perf_counter() - clock
    shares = {stage: s / taken for stage, s in seconds.items()}
    return {stage: whole * share for stage, share in {**shares, REST: 1 - sum(shares.values())}.items()}


def rival(name: str, texts: Sequence[str]) -> float:
    """CPU seconds of a rival, loaded before."""
    RIVALS[name](texts[:1])
    started = time.process_time()
    RIVALS[name](texts)
    return time.process_time() - started


def in_turns(texts: Sequence[str], rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """CPU seconds of the stages and of each rival: the best of some rounds, in which they take turns.

    A machine is faster in one minute than in the next, by a third where others share it.
    """
    stages(texts[:10])  # loads what is loaded once
    done = [(stages(texts), {name: rival(name, texts) for name in RIVALS}) for _ in range(rounds)]
    best = min((seconds for seconds, _ in done), key=lambda seconds: sum(seconds.values()))
    return best, {name: min(seconds[name] for _, seconds in done) for name in RIVALS}


def whole_run(count: int, jobs: int, scratch: Path) -> Run:
    """`vnpolicy run` over a new folder of `count` policies, without reports."""
    source, out = scratch / f"corpus-{count}", scratch / f"out-{count}-{jobs}"
    characters = write(source, count)
    command = [sys.executable, "-m", "pipeline.cli", "run", str(source), "--out", str(out), "--quiet"]
    command += ["--fail-on", "never", "--no-reports", "--jobs", str(jobs)]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(count, jobs, characters, wall, cpu, after.ru_maxrss / 1024)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, ["---"] * len(head), *rows))


def report(texts: Sequence[str], seconds: dict[str, float], rivals: dict[str, float], runs: Sequence[Run]) -> str:
    """What was measured, as Markdown."""
    characters, whole = sum(map(len, texts)), sum(seconds.values())
    rows = [(stage, f"{s:.2f}", f"{characters / s / 1e6:.2f}") for stage, s in seconds.items()]
    rows.append(("**whole pipeline**", f"**{whole:.2f}**", f"**{characters / whole / 1e6:.2f}**"))
    against = [(n, f"{s:.2f}", f"{characters / s / 1e6:.2f}", f"{s / whole:.1f} times") for n, s in rivals.items()]
    grown = [
        (r.policies, r.jobs, f"{r.characters / 1e6:.1f}", f"{r.wall:.0f}", f"{r.cpu:.0f}", f"{r.policies / r.wall:.1f}",
         f"{r.memory:.0f}") for r in runs
    ]
    heads = ("policies", "jobs", "M characters", "seconds", "CPU seconds", "policies a second", "peak MB (one process)")
    parts = [
        "# Speed",
        f"Written by `make bench`: {len(texts)} policies, {characters / 1e6:.2f} M characters, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores. Stages and rivals on one core, in CPU seconds, "
        "the best of rounds in turns.",
        table(("stage", "CPU seconds", "M characters a second"), rows),
        table(("on the same text", "CPU seconds", "M characters a second", "the pipeline is faster by"), against),
    ]
    if runs:
        parts += ["Whole runs of the command, start-up, tables and files included:", table(heads, grown)]
    return "\n\n".join(parts) + "\n"


def picture(seconds: dict[str, float], rivals: dict[str, float], path: Path) -> None:
    """A bar for the pipeline, by stage, and one for each rival."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 3.2), layout="constrained")
    left = 0.0
    for stage, s in seconds.items():
        axes.barh("vnpolicy, all stages", s, left=left, label=stage)
        left += s
    for name, s in rivals.items():
        axes.barh(name, s, color="0.6")
    axes.invert_yaxis()
    axes.set_xlabel("CPU seconds on the same text, one core (less is better)")
    figure.legend(ncols=4, fontsize="small", loc="outside upper center")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=130)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=161, help="for stages and rivals (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of stages and rivals in turns (default: %(default)s)")
    parser.add_argument("--sizes", default="100,1000", help="policies of the whole runs (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of bench.md and bench.png")
    options = parser.parse_args()
    texts = [text for _, text in policies(options.policies)]
    seconds, rivals = in_turns(texts, options.rounds)
    print(report(texts, seconds, rivals, []), flush=True)  # the whole runs take a while
    with tempfile.TemporaryDirectory() as scratch:
        sizes = [int(size) for size in options.sizes.split(",") if size]
        runs = [whole_run(size, jobs, Path(scratch)) for size in sizes for jobs in (1, 2)]
    text = report(texts, seconds, rivals, runs)
    print("Whole runs" + text.rpartition("Whole runs")[2])
    options.out.mkdir(exist_ok=True)
    (options.out / "bench.md").write_text(text, encoding="utf-8")
    picture(seconds, rivals, options.out / "bench.png")


if __name__ == "__main__":
    main()
