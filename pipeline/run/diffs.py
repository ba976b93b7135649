"""What changed in the store: between two versions, between two days, since the last run, or with the pipeline itself.

A version is compared with the last good one before it. One that is put aside as a broken scrape is shown as that, and
the versions behind it are compared with the last good one too. An upgrade is another matter: the same bytes, read by
the pipeline of an earlier run and by that of the last one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.batch import Diff, Side
from pipeline.changes import changes
from pipeline.changes.quarantine import quarantine
from pipeline.errors import UnknownVersion
from pipeline.records import EVIDENCED, Analysis, Change, Finding
from pipeline.store import Store, Version


def diff(old: Analysis, new: Analysis, findings: tuple[Iterable[Finding], Iterable[Finding]] | None = None) -> Diff:
    """Two versions compared; where the new one is a broken scrape, it says so and no more."""
    was, now = (Side(a.policy.source, a.policy.version, a.policy.retrieved_at) for a in (old, new))
    broken = quarantine(old, new)
    return Diff(new.policy.vendor, was, now, () if broken else changes(old, new, findings), broken, new.policy.doc_id)


def stored(store: Store, old: Version, new: Version) -> Diff:
    """Two versions of the store compared."""
    return diff(store.analysis(old), store.analysis(new), (store.findings(old), store.findings(new)))


def since_last_run(store: Store, vendor: str | None = None) -> Iterator[Diff]:
    """What the last run brought, vendor by vendor, and what is still put aside as a broken scrape."""
    return (stored(store, old, new) for old, new in brought(store, vendor))


def brought(store: Store, vendor: str | None = None) -> list[tuple[Version, Version]]:
    """Each version that is new since the last run or put aside still, behind the last good one before it.

    A vendor's first version has none before it and changes nothing. Nothing is read of policies that did not change.
    """
    last = max((int(str(run["id"])) for run in store.runs() if run["ended"]), default=0)
    pairs: list[tuple[Version, Version]] = []
    for versions in _by_vendor(store.versions(vendor) if vendor else store.unsettled(last)):
        for place, new in enumerate(versions):
            if new.since_run == last or (new.present and (new.quarantine or not new.stands)):
                before = (v for v in reversed(versions[:place]) if v.content != new.content and not v.quarantine)
                old = next((v for v in before if store.is_policy(v)), None)
                pairs += [(old, new)] if old and store.has(new) else []
    return pairs


def between_days(store: Store, first: str, last: str, vendor: str | None = None) -> Iterator[Diff]:
    """Each vendor's policy as it stood on two ISO days; vendors that had none on the first are left out."""
    for versions in _by_vendor(store.versions(vendor)):
        old, new = (_good(v for v in versions if v.dated[:10] <= day) for day in (first, last))
        if old and old[-1].content != new[-1].content:
            yield stored(store, old[-1], new[-1])


def versions_named(store: Store, old: str, new: str) -> Diff:
    """Two versions by the first digits of their hashes. Raises `UnknownVersion` where there are none, or several."""
    was, now = (_named(store, digits) for digits in (old, new))
    return stored(store, was, now)


def upgrade(store: Store) -> Iterator[Diff]:
    """Which answers to the same bytes the pipeline of the last run gives otherwise than the one before it."""
    runs: list[Any] = [run["fingerprints"] for run in store.runs() if run["ended"]]
    made: list[Mapping[str, str]] = [fingerprints for fingerprints, _ in groupby(runs)]
    if len(made) < 2:
        return
    for version in store.versions():
        if version.stands and store.has(version, made[-2]):
            was, now = ({f.attribute: f for f in store.findings(version, some)} for some in made[-2:])
            found = [change for name in now if (change := _answered(version, was[name], now[name]))]
            old, new = (Side(version.source, f"pipeline {some['compare']}", None) for some in made[-2:])
            if found:
                yield Diff(version.vendor, old, new, found, doc_id=version.doc_id)


def _answered(version: Version, was: Finding, now: Finding) -> Change | None:
    old, new = (", ".join(f.answer) if f.status in EVIDENCED else None for f in (was, now))
    if old == new:
        return None
    return Change(
        vendor=version.vendor,
        level="value",
        subject=now.attribute,
        kind="added" if old is None else "removed" if new is None else "changed",
        old=old,
        new=new,
        old_evidence=was.evidence,
        new_evidence=now.evidence,
        old_version=version.version,
        new_version=version.version,
    )


def _by_vendor(versions: Iterable[Version]) -> Iterator[Sequence[Version]]:
    for _, own in groupby(versions, key=lambda version: version.vendor):
        yield list(own)


def _good(versions: Iterable[Version]) -> list[Version]:
    return [version for version in versions if not version.quarantine]


def _named(store: Store, digits: str) -> Version:
    found = {v.content: v for v in store.versions() if v.sha256.startswith(digits.lower())}
    if len(found) != 1:
        cause = "several versions begin so" if found else "not in the store"
        raise UnknownVersion(digits, cause, "Name more digits of the hash; the table policies has twelve")
    return next(iter(found.values()))
