"""`run.json`: what ran, with which versions, on how much, how long, and how far the shares of the categories moved."""

import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import interrupt
from pipeline.replacing import replaced
from pipeline.run.limits import peak_megabytes

if TYPE_CHECKING:
    from pipeline.run.plan import Plan
    from pipeline.run.task import Done
    from pipeline.store.versions import Version

LIBRARIES = ("vnpolicy", "scikit-learn", "numpy", "phonenumbers")

RUNS = 7
"""Runs before this one whose shares make the mean that drift is measured from: a week of nights."""


STANDING = (
    "FROM versions v CROSS JOIN results r ON r.content = v.content CROSS JOIN batches b ON b.id = r.batch "
    "WHERE v.stands"
)
"""Results of what stands. CROSS JOIN keeps SQLite to this order: it knows nothing of how many rows there are."""


class Tally:
    """Adds up what happens in a run."""

    def __init__(self, source: str, out: str, as_of: date, fingerprints: Mapping[str, str]) -> None:
        self.said = {"source": source, "out": out, "as_of": as_of.isoformat()}
        self.fingerprints = fingerprints
        self.seconds: dict[str, float] = {}
        self.peaks: dict[int, int] = {}
        self.counts: dict[str, int] = {"analysed": 0}
        self.reviews: dict[str, int] = {}

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Adds the time that the block takes to the step's; its end is a safe point to stop at."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._add(step, time.perf_counter() - started)
            interrupt.check()

    def add(self, done: "Done") -> None:
        """Adds what came of a chunk."""
        for step, seconds in done.seconds.items():
            self._add(step, seconds)
        self.peaks[done.process] = max(done.megabytes, self.peaks.get(done.process, 0))
        self.counts["analysed"] += done.documents

    def _add(self, step: str, seconds: float) -> None:
        self.seconds[step] = self.seconds.get(step, 0.0) + seconds

    def planned(self, plan: "Plan", settled: Collection["Version"], failures: int) -> None:
        """Adds what the documents of the source are."""
        why = Counter(item.why.split()[0] for item in plan.items)
        self.counts |= {
            "documents": len(plan.items),
            "new": why["new"],
            "changed": why["changed"],
            "gone": len(plan.gone),
            "compared": sum(v.compared for v in settled),
            "quarantined": sum(v.present and v.quarantine is not None for v in settled),
            "failures": failures,
        }

    def facts(self, catalogue: sqlite3.Connection) -> dict[str, Any]:
        """What the catalogue says of the documents that stand, and how that differs from the runs before."""
        rows, labels, unsure = _standing(catalogue, self.fingerprints)
        main = max(1, rows["segment"])
        found = {"sentences": rows["segment"], "entities": rows["extract"], "findings": rows["compare"]}
        shares = {label: round(number / main, 4) for label, number in labels.items()}
        facts = {
            "counts": {**self.counts, **found},
            "labels": dict(labels.most_common()),
            "shares": shares,
            "unsure": round(unsure / main, 4),
        }
        return {**facts, "drift": _drift(catalogue, facts)}

    def closed(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """All of `run.json`."""
        peaks = {**self.peaks, os.getpid(): peak_megabytes()}
        return {
            **self.said,
            "fingerprints": dict(self.fingerprints),
            "versions": {name: version(name) for name in LIBRARIES},
            **facts,
            "reviews": self.reviews,
            "seconds": {step: round(seconds, 3) for step, seconds in self.seconds.items()},
            "processes": len(peaks),
            "peak_memory_mb": sum(peaks.values()),
        }


def _standing(catalogue: sqlite3.Connection, fingerprints: Mapping[str, str]) -> tuple[Counter[str], Counter[str], int]:
    """Rows of the documents that stand by stage, their sentences by main category, and how many of these are unsure."""
    rows: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    unsure = 0
    for stage, fingerprint, number in catalogue.execute(
        f"SELECT b.stage, b.fingerprint, sum(r.rows) {STANDING} GROUP BY b.stage, b.fingerprint"
    ):
        if fingerprints.get(stage) == fingerprint:
            rows[stage] += number
    for (said,) in catalogue.execute(
        f"SELECT r.facts {STANDING} AND b.stage = 'classify' AND b.fingerprint = ?", (fingerprints["classify"],)
    ):
        facts = json.loads(said)
        labels.update(facts["labels"])
        unsure += facts["unsure"]
    return rows, labels, unsure


def _drift(catalogue: sqlite3.Connection, facts: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Share now, mean share of the runs before, for `unsure` and each category; empty in the first run."""
    before = [
        json.loads(row[0])
        for row in catalogue.execute("SELECT facts FROM runs WHERE ended IS NOT NULL ORDER BY id DESC LIMIT ?", (RUNS,))
    ]
    if not before:
        return {}
    names = sorted({*facts["shares"], *(name for past in before for name in past["shares"])})
    drift = {"unsure": (facts["unsure"], [past["unsure"] for past in before])}
    drift |= {name: (facts["shares"].get(name, 0.0), [p["shares"].get(name, 0.0) for p in before]) for name in names}
    return {name: {"now": now, "before": round(sum(past) / len(past), 4)} for name, (now, past) in drift.items()}


def write(path: Path, facts: Mapping[str, Any]) -> None:
    """Writes `run.json`."""
    with replaced(path) as unfinished:
        unfinished.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
