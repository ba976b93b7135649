"""What a reviewer is asked to judge: answers of the comparison, and sentences whose category is in doubt.

Answers that somebody judged and that still hold are not asked again; those whose sentences have changed come first.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.attributes import attributes
from pipeline.records import Evidence, Finding, Review
from pipeline.render.comparison import cell
from pipeline.render.xlsx.sheet import fit
from pipeline.review import answers
from pipeline.review.labels import choice, questions
from pipeline.store import Store, Version

Row = Mapping[str, Any]

SENTENCE = "sentence"
DOUBTFUL = ("conflict", "unsure", "partly")
"""Statuses that are asked about before others."""

SHOWN = ("vendor", "doc_id", "what", "topic", "subject", "answer", "values", "text", "url")
"""Columns of a form that say what is judged; nobody may change them."""

WHAT = {answers.KIND: "câu trả lời", SENTENCE: "loại của câu"}
STATES = {
    None: "", "right": "đúng", "corrected": "đã sửa", "wrong": "sai", "cannot_tell": "không kết luận được",
    "disputed": "người xem không thống nhất", "pending": "câu đã đổi: cần xem lại",
}  # fmt: skip


class Asked(NamedTuple):
    """A row to be judged: what it shows, and whose verdict on what would be kept. `said` is JSON."""

    vendor: str
    doc_id: str
    content: str
    kind: str
    subject: str
    said: str
    shown: Mapping[str, str]
    state: str

    @property
    def id(self) -> str:
        """What the row is recognised by when it comes back."""
        return row_id(self.shown, (self.content, self.kind, self.said))


def row_id(shown: Mapping[str, str], judged: Sequence[str]) -> str:
    """12 hex digits over all that a row shows and stands for; white space apart, which programs change."""
    cells = [" ".join(fit(shown.get(name, "")).split()) for name in SHOWN]
    return hashlib.sha256("\0".join([*cells, *judged]).encode()).hexdigest()[:12]


def findings(store: Store, again: bool = False) -> list[Asked]:
    """The answers of the compared policies; with `again` also those that reviewers have settled."""
    given = answers.by_vendor(store)
    names = {a.id: a.vi for a in attributes()}
    asked: list[tuple[tuple[bool, int, float], Asked]] = []
    for version in sorted((v for v in store.versions() if v.compared), key=lambda v: v.place):
        sentences = store.analysis(version).sentences
        for found in store.findings(version):
            verdicts = [v for v in given.get(version.vendor, ()) if v.subject == found.attribute]
            review = answers.reviewed(found, sentences, verdicts).review
            if again or review is None or review.state in ("pending", "disputed"):
                said = json.dumps(answers.said(found, sentences), ensure_ascii=False)
                asked.append((_urgent(found, review), _finding(version, found, names[found.attribute], said, review)))
    return [row for _, row in sorted(asked, key=lambda pair: pair[0])]


def _urgent(found: Finding, review: Review | None) -> tuple[bool, int, float]:
    place = DOUBTFUL.index(found.status) if found.status in DOUBTFUL else len(DOUBTFUL)
    return review is None or review.state != "pending", place, found.confidence


def _finding(version: Version, found: Finding, name: str, said: str, review: Review | None) -> Asked:
    shown = {
        "topic": name,
        "subject": found.attribute,
        "answer": cell(found),
        "values": "; ".join(found.answer),
        "text": "\n".join(_quotes(found.evidence)),
    }
    state = STATES[review.state if review else None]
    return _asked(version, answers.KIND, found.attribute, said, shown, state)


def _quotes(evidence: Sequence[Evidence]) -> Iterator[str]:
    for sentence, quote in dict.fromkeys((e.sentence, " ".join(e.quote.split())) for e in evidence):
        yield f"câu {sentence}: “{quote}”"


def sentences(store: Store, tables: Mapping[str, Sequence[Row]], many: int) -> list[Asked]:
    """At most `many` sentences, the most doubtful that nobody judged; `tables` as `labels.questions` takes them."""
    versions = {v.doc_id: v for v in store.versions() if v.compared}
    judged = {v.row for v in store.verdicts() if v.kind == SENTENCE}
    found = []
    for question in questions(tables, many + len(judged)):
        label = question.said[0][0]
        said = json.dumps({"label": label, "text": question.text}, ensure_ascii=False)
        subject = hashlib.sha256(question.text.encode()).hexdigest()[:12]
        if (question.vendor, SENTENCE, subject, said) not in judged:
            shown = {
                "topic": question.path,
                "subject": f"câu {question.sentence}",
                "answer": choice(label),
                "values": label,
                "text": question.text,
            }
            found.append(_asked(versions[question.doc_id], SENTENCE, subject, said, shown, ""))
    return found[:many]


def _asked(version: Version, kind: str, subject: str, said: str, shown: Mapping[str, str], state: str) -> Asked:
    beside = {
        "vendor": version.vendor,
        "doc_id": version.doc_id,
        "what": WHAT[kind],
        "url": version.meta.get("url", ""),
    }
    return Asked(version.vendor, version.doc_id, version.content, kind, subject, said, {**beside, **shown}, state)
