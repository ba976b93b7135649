"""The text of a morning's mail: what is new, what vendors changed, what is a broken scrape, what failed.

What only the pipeline changed is not among it; a changed policy is compared with the last good version before it, both
as today's pipeline reads them.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.changes import changes
from pipeline.records import Analysis, Change, Failure
from pipeline.store import results
from pipeline.store.versions import Version, read_versions

DRIFT = 0.02
"""Difference of a share from its mean over the last runs from which it is worth a look: two points of a hundred."""

LINES = 10
"""Differences told of one vendor; `vnpolicy diff` has them all."""


def summary(
    facts: Mapping[str, Any], changed: Iterable[str], new: Sequence[Failure], quarantined: Iterable[Version]
) -> str:
    """The text, one screen long where little happened. `changed`: the lines of `told`."""
    counts = facts["counts"]
    lines = [
        f"{counts['documents']} policies: {counts['new']} new, {counts['changed']} changed, {counts['gone']} gone, "
        f"{counts['failures']} failed ({len(new)} of them new), {counts['quarantined']} put aside as broken scrapes.",
        f"{counts['analysed']} were analysed, {counts['compared']} vendors stand in the comparison.",
    ]
    lines += _part("Changed", changed)
    lines += _part("Put aside; the last good version stays", (f"{v.vendor}: {v.quarantine}" for v in quarantined))
    lines += _part("Failed for the first time", (failure.message for failure in new))
    lines += _part("Shares that moved", _moved(facts["drift"]))
    return "\n".join(lines) + "\n"


def told(catalogue: sqlite3.Connection, folder: Path, fingerprints: Mapping[str, str], run: int) -> Iterator[str]:
    """For each vendor whose row in the comparison is another version since run `run`, what that changed."""
    by_vendor: dict[str, list[Version]] = {}
    vendors = "v.vendor IN (SELECT vendor FROM versions WHERE compared AND since_run = ?)"
    for version in read_versions(catalogue, vendors, [run]):
        by_vendor.setdefault(version.vendor, []).append(version)
    for vendor, versions in by_vendor.items():
        new = next((v for v in versions if v.compared and v.since_run == run), None)
        before = [v for v in versions if new and v.order < new.order and v.quarantine is None]
        if new is None or not before:
            continue
        old = before[-1]
        found = results.read_results(catalogue, fingerprints, [old.content, new.content])
        pair = [results.analysis(folder, v, found[v.content]) for v in (old, new)]
        yield f"{vendor}: {_differences(*pair)}"


def _differences(old: Analysis, new: Analysis) -> str:
    if old.fingerprints != new.fingerprints:
        return "another version; the one before could not be read by today's pipeline"
    found = changes(old, new)
    values = [_value(change) for change in found if change.level == "value"]
    clauses = sum(change.level == "clause" and change.kind != "cosmetic" for change in found)
    shown = values[:LINES] + [f"{len(values) - LINES} more values"] * (len(values) > LINES)
    return "; ".join([*shown, f"{clauses} sentences differ" if clauses else "nothing but cosmetic edits"])


def _value(change: Change) -> str:
    if change.kind == "changed":
        return f"{change.subject} {change.old} -> {change.new}"
    return f"{change.subject} {change.kind}: {change.new if change.old is None else change.old}"


def _moved(drift: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, share in drift.items():
        if abs(share["now"] - share["before"]) >= DRIFT:
            yield f"{name}: {share['before']:.1%} -> {share['now']:.1%} of the sentences"


def _part(title: str, items: Iterable[str]) -> list[str]:
    found = [f"- {item}" for item in items]
    return ["", f"{title}:", *found] if found else []
