"""Which version of each document the data tables show, and which document stands for its vendor in the comparison.

The newest version of a document stands, unless it cannot be read, is no policy, or is suspected to be a broken scrape
(quarantine): then the last good one stands in its place. A vendor's row is the newest of its documents that is good.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.sources import Document
from pipeline.store.versions import Version, in_order

Suspect = Callable[[Version, Version], str | None]
"""Says of an earlier and a new version of a vendor why the new one is a broken scrape; `None` where it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A document with the content that it has in this run."""

    document: Document
    content: str
    sha256: str


def settle(
    seen: Iterable[Seen],
    failed: Iterable[str],
    history: Iterable[Version],
    flags: Mapping[str, Mapping[str, float]],
    *,
    run: int,
    now: str,
    suspect: Suspect = lambda old, new: None,
    worked: Callable[[str], bool] = lambda content: False,
) -> list[Version]:
    """The versions that are there or stand, in the order of the tables; no other is or does.

    `failed`: the documents of which nothing could be read; `flags`: of every content that was analysed; `worked`: of
    which contents anything was found anew in this run, so that an old verdict on them holds no longer.
    """
    before = {(v.doc_id, v.content): v for v in history}
    current = [_current(s, before.get((s.document.doc_id, s.content)), run, now) for s in seen]
    there = {(v.doc_id, v.content): v for v in current}
    gone = {key: v for key, v in before.items() if key not in there}
    past = {key: replace(v, present=False, stands=False, compared=False) for key, v in gone.items()}
    every = {**past, **there}
    bad = {v.content for v in every.values() if "not_policy" in flags.get(v.content, {}) or v.content not in flags}
    there_now = {v.vendor for v in current}
    for vendor, versions in _grouped(every.values(), lambda v: v.vendor).items():
        if vendor in there_now:
            _judge(every, versions, bad, before, worked, suspect)
    known = {v.doc_id for v in current} | set(failed)
    groups = _grouped((v for v in every.values() if v.doc_id in known), lambda v: v.doc_id)
    standing = [stands for versions in groups.values() if (stands := _standing(versions, bad))]
    good = _grouped((v for v in standing if _good(v, bad)), lambda v: v.vendor)
    compared = {in_order(versions)[-1].doc_id for versions in good.values()}
    for v in standing:
        every[v.doc_id, v.content] = replace(v, stands=True, compared=v.doc_id in compared)
    return sorted((v for v in every.values() if v.present or v.stands), key=lambda v: v.place)


def _current(seen: Seen, known: Version | None, run: int, now: str) -> Version:
    """The version that a document has in this run; it keeps the time since which it has had it."""
    document = seen.document
    stays = known is not None and known.present
    return Version(
        doc_id=document.doc_id,
        version=seen.sha256[:12],
        content=seen.content,
        sha256=seen.sha256,
        vendor=document.vendor,
        source=document.name,
        retrieved_at=document.retrieved_at,
        meta=document.meta,
        first_seen=known.first_seen if known else now,
        since=known.since if known and stays else now,
        since_run=known.since_run if known and stays else run,
        last_seen=now,
        present=True,
        stands=False,
        compared=False,
        quarantine=known.quarantine if known else None,
    )


def _judge(
    every: dict[tuple[str, str], Version],
    versions: list[Version],
    bad: set[str],
    before: Mapping[tuple[str, str], Version],
    worked: Callable[[str], bool],
    suspect: Suspect,
) -> None:
    """Enters quarantine for the versions of a vendor that are new, each against the last good one before it.

    Those in quarantine are judged again every time: the user may have accepted them.
    """
    good: Version | None = None
    for version in in_order(v for v in versions if v.content not in bad):
        key = (version.doc_id, version.content)
        if version.present and good and (key not in before or before[key].quarantine or worked(version.content)):
            version = every[key] = replace(version, quarantine=suspect(good, version))
        if version.quarantine is None:
            good = version


def _standing(versions: list[Version], bad: set[str]) -> Version | None:
    """The version of a document that the tables show: the last good one, else what is there now."""
    present = [v for v in versions if v.present]
    if present and _good(present[0], bad):
        return present[0]
    good = [v for v in in_order(versions) if _good(v, bad)]
    return good[-1] if good else present[0] if present else None


def _good(version: Version, bad: set[str]) -> bool:
    return version.quarantine is None and version.content not in bad


def _grouped(versions: Iterable[Version], by: Callable[[Version], str]) -> dict[str, list[Version]]:
    groups: dict[str, list[Version]] = {}
    for version in versions:
        groups.setdefault(by(version), []).append(version)
    return groups
