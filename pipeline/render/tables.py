"""The data tables: one row a record, the record's fields as columns, in the order of the records."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.batch import Batch

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
    "failures": {"source": str, "stage": str, "error": str, "message": str, "first_seen": str},
}
"""Columns and types. JSON: `flags`, `meta`, `detail`, `evidence`. `path` is joined by ` › `, answers by `; `."""


def _policies(batch: Batch) -> list[Row]:
    return [
        {
            "doc_id": p.doc_id,
            "version": p.version,
            "vendor": p.vendor,
            "source": p.source,
            "sha256": p.sha256,
            "retrieved_at": p.retrieved_at,
            "language": p.language,
            "flags": as_json(p.flags),
            "meta": as_json(p.meta),
            "characters": len(p.text),
            "sentences": len(a.sentences),
            "compared": p.doc_id in batch.compared,
        }
        for a in batch.analyses
        for p in (a.policy,)
    ]


def _sentences(batch: Batch) -> list[Row]:
    return [
        {
            "doc_id": s.doc_id,
            "index": s.index,
            "start": s.start,
            "end": s.end,
            "text": s.text,
            "kind": s.kind,
            "path": PATH.join(s.path),
            "lead_in": s.lead_in,
        }
        for a in batch.analyses
        for s in a.sentences
    ]


def _clauses(batch: Batch) -> list[Row]:
    return [
        {
            "doc_id": c.doc_id,
            "sentence": c.sentence,
            "label": c.label,
            "score": c.score,
            "primary": c.primary,
            "unsure": c.unsure,
        }
        for a in batch.analyses
        for c in a.clauses
    ]


def _entities(batch: Batch) -> list[Row]:
    return [
        {
            "doc_id": e.doc_id,
            "sentence": e.sentence,
            "kind": e.kind,
            "start": e.start,
            "end": e.end,
            "text": e.text,
            "value": e.value,
            "detail": as_json(e.detail),
            "rule": e.rule,
        }
        for a in batch.analyses
        for e in a.entities
    ]


def _findings(batch: Batch) -> list[Row]:
    vendors = {a.policy.doc_id: a.policy.vendor for a in batch.analyses}
    return [
        {
            "doc_id": f.doc_id,
            "vendor": vendors[f.doc_id],
            "attribute": f.attribute,
            "status": f.status,
            "answer": "; ".join(f.answer),
            "evidence": evidence_json(f.evidence),
            "confidence": f.confidence,
        }
        for f in batch.findings
    ]


def _requirements(batch: Batch) -> list[Row]:
    return [
        {
            "doc_id": r.doc_id,
            "regime": r.regime,
            "element": r.element,
            "status": r.status,
            "evidence": evidence_json(r.evidence),
        }
        for r in batch.requirements
    ]


def _failures(batch: Batch) -> list[Row]:
    return [
        {"source": f.source, "stage": f.stage, "error": f.error, "message": f.message, "first_seen": f.first_seen}
        for f in batch.failures
    ]


def as_json(value: object) -> str:
    """Compact JSON that reads as Vietnamese; empty for nothing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""


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
    "failures": _failures,
}
