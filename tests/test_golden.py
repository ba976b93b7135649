"""Every cell of the five real policies, decided by reading (tests/golden/five.toml)."""

import tomllib
from pathlib import Path

import pytest

from pipeline import api
from pipeline.attributes import attributes
from pipeline.ingest import read
from pipeline.records import Finding
from pipeline.run import Analyser
from pipeline.sources import discover

HERE = Path(__file__).parent
GOLDEN = tomllib.loads((HERE / "golden" / "five.toml").read_text(encoding="utf-8"))
CELLS = [
    pytest.param(
        doc,
        attribute,
        cell,
        id=f"{doc}-{attribute}",
        marks=[pytest.mark.xfail(reason=cell["known_gap"], strict=True)] if "known_gap" in cell else [],
    )
    for doc, row in GOLDEN.items()
    for attribute, cell in row.items()
]


@pytest.fixture(scope="module")
def batch():
    analyser = Analyser()
    return api.compare([analyser(read(document)) for document in discover(str(HERE.parent / "data" / "raw"))])


@pytest.fixture(scope="module")
def found(batch) -> dict[tuple[str, str], Finding]:
    return {(f.doc_id, f.attribute): f for f in batch.findings}


@pytest.mark.parametrize(("doc", "attribute", "cell"), CELLS)
def test_cell(found: dict[tuple[str, str], Finding], doc: str, attribute: str, cell: dict) -> None:
    finding = found[doc, attribute]
    assert finding.status == cell["status"]
    if "answer" in cell:
        assert list(finding.answer) == cell["answer"]
    quotes = [" ".join(e.quote.split()) for e in finding.evidence]
    for words in cell.get("says", []):
        assert any(words in quote for quote in quotes), quotes
    if "says" not in cell:
        assert not quotes


def test_every_cell_is_in_the_table() -> None:
    assert {doc: set(row) for doc, row in GOLDEN.items()} == {doc: {a.id for a in attributes()} for doc in GOLDEN}
    assert len(GOLDEN) == 5


def test_every_cell_has_evidence_or_a_reason(batch) -> None:
    texts = {a.policy.doc_id: a.policy.text for a in batch.analyses}
    assert len(batch.findings) == 5 * len(attributes())
    assert not batch.failures
    for finding in batch.findings:
        assert finding.evidence or finding.status in ("not_found", "cut_off", "unsure", "unreadable")
        assert all(texts[finding.doc_id][e.start : e.end] == e.quote for e in finding.evidence)


def test_furniture_is_told_from_the_policy(batch) -> None:
    """What only the forms and footers of the pages say is marked as said by the site."""
    site = {(a.policy.doc_id, e.value) for a in batch.analyses for e in a.entities if e.detail.get("said_by") == "site"}
    assert {("1boss", "+84345913913"), ("1boss", "PT24H"), ("kiotviet", "+8419006522")} <= site
    assert not {d for d, _ in site} & {"modoro", "onesme", "vansuthong"}


def test_a_list_that_has_ended_lends_no_lead_in(batch) -> None:
    sentences = next(a.sentences for a in batch.analyses if a.policy.doc_id == "1boss")
    closing = next(s for s in sentences if "Trong bất kỳ trường hợp nào" in s.text)
    item = next(s for s in sentences if "Theo yêu cầu pháp lý" in s.text)
    assert closing.lead_in is None
    assert item.lead_in is not None
    assert "ngoại lệ dưới đây:" in sentences[item.lead_in].text
