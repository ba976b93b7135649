"""`comparison.json`: all that the reports show, in one document with a stable schema.

`schema` counts up when a field changes its meaning or goes; new fields may come. Values are normalised, as in the data
tables; `words` says them in Vietnamese. Positions are characters into the policy's text.
"""

import json as encoder
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.records import Analysis, Evidence, Requirement, Review
from pipeline.regimes import Regime, is_gap
from pipeline.render.compared import Compared, compared
from pipeline.render.comparison import cell
from pipeline.render.points import preliminary
from pipeline.render.standings import in_a_clause

SCHEMA = 1


def json(batch: Batch, path: Path) -> None:
    """Writes the document; the same batch gives the same bytes."""
    seen = compared(batch)
    whole = {
        "schema": SCHEMA,
        "as_of": batch.as_of.isoformat(),
        "caution": preliminary(batch.as_of),
        "attributes": [{"id": a.id, "vi": a.vi, "en": a.en} for a in attributes()],
        "regimes": [_regime(regime) for regime in seen.regimes],
        "vendors": [_vendor(seen, analysis) for analysis in seen.analyses],
    }
    path.write_text(encoder.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _regime(regime: Regime) -> dict[str, Any]:
    return {
        "id": regime.id,
        "vi": regime.vi,
        "en": regime.en,
        "elements": [
            {
                "id": e.id,
                "vi": e.vi,
                "en": e.en,
                "tier": e.tier.id,
                "counted": e.tier.counted,
                "citations": [{"law": c.law, "article": c.article, "certainty": c.certainty} for c in e.citations],
                "since": e.since.isoformat() if e.since else None,
                "until": e.until.isoformat() if e.until else None,
                "rule": {"vi": e.rule.vi, "en": e.rule.en},
            }
            for e in regime.elements
        ],
    }


def _vendor(seen: Compared, analysis: Analysis) -> dict[str, Any]:
    policy = analysis.policy
    return {
        "vendor": policy.vendor,
        "doc_id": policy.doc_id,
        "version": policy.version,
        "retrieved_at": policy.retrieved_at,
        "flags": dict(policy.flags),
        "meta": dict(policy.meta),
        "findings": {
            f.attribute: {
                "status": f.status,
                "answer": list(f.answer),
                "words": cell(f),
                "confidence": f.confidence,
                "evidence": _evidence(f.evidence),
                "review": _review(f.review),
            }
            for f in seen.cells[policy.doc_id].values()
        },
        "requirements": {r.id: _points(seen, policy.doc_id, r) for r in seen.regimes},
        "standings": [
            {
                "kind": s.kind,
                "subject": s.subject,
                "value": s.value,
                "count": s.count,
                "of": s.of,
                "others": list(s.others),
                "words": in_a_clause(s, seen.vendors),
                "evidence": _evidence(s.evidence),
            }
            for s in seen.standings[policy.doc_id]
        ],
        "terms": [
            {
                "value": t.value,
                "days": t.days,
                "bound": t.bound,
                "applies_to": t.applies_to,
                "site": t.site,
                "evidence": _evidence([t.evidence]),
            }
            for t in seen.terms[policy.doc_id]
        ],
    }


def _review(review: Review | None) -> dict[str, Any] | None:
    """What people said of an answer, and the machine's own; `None` where nobody reviewed it."""
    if review is None:
        return None
    machine = {"status": review.status, "answer": list(review.said)}
    return {"state": review.state, "reviewers": list(review.reviewers), "machine": machine}


def _points(seen: Compared, doc_id: str, regime: Regime) -> dict[str, Any]:
    return {e.id: _point(seen.points[doc_id][regime.id, e.id]) for e in regime.elements}


def _point(requirement: Requirement) -> dict[str, Any]:
    return {
        "status": requirement.status,
        "gap": is_gap(requirement),
        "evidence": _evidence(requirement.evidence),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [{"sentence": e.sentence, "start": e.start, "end": e.end, "quote": e.quote} for e in evidence]
