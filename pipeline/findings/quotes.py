"""Answers that are the decisive sentences, where no vocabulary could hold them."""

import re
from collections.abc import Sequence

from pipeline.attributes import Attribute
from pipeline.findings.statements import Statement, finding
from pipeline.records import Analysis, Finding

MOST = 3
"""Sentences quoted for one attribute: more than a reader takes in from one cell."""

OF_PURPOSES = frozenset({"purpose", "marketing", "cookies", "children"})
"""Categories that an item of a list of purposes can state besides."""

_MARKER = re.compile(r"^(?:[^\w\s(\[“\"]\s*)+|^\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđA-ZĐ]|[ivxIVX]+)[.)/]\s*")

LONGEST = 200
"""Characters of a quote in an answer; the evidence has it whole."""


def quotes(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """The likeliest sentences of the attribute, in order of place; `unsure` where none is likely enough."""
    candidates = [s for s in said if _counts(attribute, s)]
    sure = [s for s in candidates if not s.main.unsure or _proven(attribute, s)]
    if not sure:
        return finding(attribute, analysis, "unsure" if candidates else "not_found")
    chosen = sorted(sorted(sure, key=lambda s: -_weight(attribute, s))[:MOST], key=lambda s: s.sentence.index)
    return finding(
        attribute,
        analysis,
        "stated",
        answer=tuple(dict.fromkeys(short(s) for s in chosen)),
        evidence=tuple(s.evidence() for s in chosen),
        confidence=max(_weight(attribute, s) for s in chosen),
    )


def _counts(attribute: Attribute, statement: Statement) -> bool:
    if attribute.unless and attribute.unless.search(statement.whole):
        return False
    if statement.main.label == "purpose" and not attribute.labels & OF_PURPOSES:
        return False  # "Giải quyết khiếu nại" among the purposes says nothing on how complaints are handled
    if _proven(attribute, statement):
        return True
    return statement.score(attribute.labels) > 0 and (
        attribute.says is None or bool(attribute.says.search(statement.whole))
    )


def _proven(attribute: Attribute, statement: Statement) -> bool:
    """Whether its words, or a concept found in it, say it whatever its category."""
    if any(e.kind == attribute.kind and e.value in attribute.only for e in statement.entities):
        return True
    return attribute.proves is not None and bool(attribute.proves.search(statement.whole))


def _weight(attribute: Attribute, statement: Statement) -> float:
    """A sentence whose main category it is goes before one that says it besides; lead-ins only announce."""
    score = statement.score(attribute.labels) or 0.5
    first = statement.main.label in attribute.labels
    return round(score * (1.0 if first else 0.7) * (0.5 if statement.announces else 1.0), 4)


def short(statement: Statement) -> str:
    """The sentence without its list marker, cut between words."""
    text = " ".join(_MARKER.sub("", statement.sentence.text).split()).rstrip(";,")
    text = text.rstrip(".")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
