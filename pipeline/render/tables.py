"""The data tables: one row a record, the record's fields as columns, in the order of the records."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.batch import Batch, Diff

Row = dict[str, Any]

PATH = " › "
"""Between the headings of a path."""

COLUMNS: Mapping[str, Mapping[str, type]] = {
    "policies": {
        "doc_id": str,
        "version": str,
        "vendor": str,
        "source": str,
        "sha256": str,
        "retrieved_at": str,
        "language": str,
        "flags": str,
        "meta": str,
        "characters": int,
        "sentences": int,
        "compared": bool,
    },
    "sentences": {
        "doc_id": str,
        "index": int,
        "start": int,
        "end": int,
        "text": str,
        "kind": str,
        "path": str,
        "lead_in": int,
    },
    "clauses": {"doc_id": str, "sentence": int, "label": str, "score": float, "primary": bool, "unsure": bool},
    "entities": {
        "doc_id": str,
        "sentence": int,
        "kind": str,
        "start": int,
        "end": int,
        "text": str,
        "value": str,
        "detail": str,
        "rule": str,
    },
    "findings": {
        "doc_id": str,
        "vendor": str,
        "attribute": str,
        "status": str,
        "answer": str,
        "evidence": str,
        "confidence": float,
    },
    "requirements": {"doc_id": str, "regime": str, "element": str, "status": str, "evidence": str},
    "field": {
        "doc_id": str,
        "vendor": str,
        "kind": str,
        "subject": str,
        "value": str,
        "count": int,
        "of": int,
        "others": str,
        "evidence": str,
    },
    "terms": {
        "doc_id": str,
        "vendor": str,
        "value": str,
        "days": float,
        "bound": str,
        "applies_to": str,
        "site": bool,
        "evidence": str,
    },
    "changes": {
        "vendor": str,
        "doc_id": str,
        "old_source": str,
        "old_version": str,
        "new_source": str,
        "new_version": str,
        "level": str,
        "subject": str,
        "kind": str,
        "how": str,
        "old": str,
        "new": str,
        "old_evidence": str,
        "new_evidence": str,
    },
    "failures": {"source": str, "stage": str, "error": str, "message": str, "first_seen": str},
}
"""Columns and types. JSON: `flags`, `meta`, `detail`, all evidence. Joined: `path` by ` › `, answer, `others` by `; `.

`changes` has a row for each `Change` since the run before, with the files of both versions; cosmetic edits are of
`kind` `cosmetic`. A version put aside as a broken scrape is one row of `level` `version` and `kind` `quarantined`:
`subject` is the reason, `old_version` the one that stays. `doc_id` is the document of the new version.
"""


def _row(table: str, record: object, **special: object) -> Row:
    """The columns of `table`: from `special`, else the field of that name, JSON where it is a mapping."""
    row = {}
    for column in COLUMNS[table]:
        value = special[column] if column in special else getattr(record, column)
        row[column] = as_json(dict(value)) if isinstance(value, Mapping) else value
    return row


def _policies(batch: Batch) -> list[Row]:
    return [
        _row(
            "policies",
            a.policy,
            characters=len(a.policy.text),
            sentences=len(a.sentences),
            compared=a.policy.doc_id in batch.compared,
        )
        for a in batch.analyses
    ]


def _sentences(batch: Batch) -> list[Row]:
    return [_row("sentences", s, path=PATH.join(s.path)) for a in batch.analyses for s in a.sentences]


def _clauses(batch: Batch) -> list[Row]:
    return [_row("clauses", c) for a in batch.analyses for c in a.clauses]


def _entities(batch: Batch) -> list[Row]:
    return [_row("entities", e) for a in batch.analyses for e in a.entities]


def _findings(batch: Batch) -> list[Row]:
    vendors = _vendors(batch)
    return [
        _row("findings", f, vendor=vendors[f.doc_id], answer="; ".join(f.answer), evidence=evidence_json(f.evidence))
        for f in batch.findings
    ]


def _requirements(batch: Batch) -> list[Row]:
    return [_row("requirements", r, evidence=evidence_json(r.evidence)) for r in batch.requirements]


def _field(batch: Batch) -> list[Row]:
    vendors = _vendors(batch)
    return [
        _row("field", s, vendor=vendors[s.doc_id], others="; ".join(s.others), evidence=evidence_json(s.evidence))
        for s in batch.standings
    ]


def _terms(batch: Batch) -> list[Row]:
    vendors = _vendors(batch)
    return [_row("terms", t, vendor=vendors[t.doc_id], evidence=evidence_json([t.evidence])) for t in batch.terms]


def _changes(batch: Batch) -> list[Row]:
    return [row for diff in batch.diffs for row in _of_diff(diff)]


def _of_diff(diff: Diff) -> Iterator[Row]:
    sides = {"doc_id": diff.doc_id, "old_source": diff.old.source, "new_source": diff.new.source}
    if aside := diff.quarantine:
        said = {"level": "version", "subject": aside.reason, "kind": "quarantined", "how": "", "old": None, "new": None}
        versions = {"old_version": aside.instead, "new_version": aside.version}
        yield _row("changes", aside, **sides, **said, **versions, old_evidence="", new_evidence="")
    for change in diff.changes:
        evidence = {side: evidence_json(getattr(change, side)) for side in ("old_evidence", "new_evidence")}
        yield _row("changes", change, **sides, **evidence)


def _vendors(batch: Batch) -> Mapping[str, str]:
    return {a.policy.doc_id: a.policy.vendor for a in batch.analyses}


def _failures(batch: Batch) -> list[Row]:
    return [_row("failures", f) for f in batch.failures]


def as_json(value: object) -> str:
    """Compact JSON that reads as Vietnamese; empty for nothing."""
    return _encode(value) if value else ""


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode  # made once: it takes longer than to use it


def evidence_json(evidence: Any) -> str:
    """Evidence as a JSON list of objects with sentence, start, end and quote; empty for none."""
    return as_json([{"sentence": e.sentence, "start": e.start, "end": e.end, "quote": e.quote} for e in evidence])


TABLES: Mapping[str, Callable[[Batch], list[Row]]] = {
    "policies": _policies,
    "sentences": _sentences,
    "clauses": _clauses,
    "entities": _entities,
    "findings": _findings,
    "requirements": _requirements,
    "field": _field,
    "terms": _terms,
    "changes": _changes,
    "failures": _failures,
}
