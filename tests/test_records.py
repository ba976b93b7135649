"""What the records refuse to be."""

from dataclasses import FrozenInstanceError

import pytest

from pipeline.records import EVIDENCED, Evidence, Finding, Sentence

EVIDENCE = (Evidence(sentence=0, start=0, end=3, quote="abc"),)


@pytest.mark.parametrize(("start", "end", "text"), [(0, 3, "abc"), (7, 8, "x")])
def test_sentence_with_the_span_of_its_text(start: int, end: int, text: str) -> None:
    assert Sentence(doc_id="a", index=0, start=start, end=end, text=text, kind="body").text == text


@pytest.mark.parametrize(
    ("start", "end", "text"), [(0, 2, "abc"), (0, 4, "abc"), (-1, 2, "abc"), (3, 3, ""), (3, 0, "abc")]
)
def test_sentence_with_another_span(start: int, end: int, text: str) -> None:
    with pytest.raises(ValueError, match="sentence 4 of a"):
        Sentence(doc_id="a", index=4, start=start, end=end, text=text, kind="body")


@pytest.mark.parametrize("status", sorted(EVIDENCED))
def test_answer_needs_evidence_and_evidence_an_answer(status: str) -> None:
    assert Finding(doc_id="a", attribute="retention", status=status, answer=("P5Y",), evidence=EVIDENCE).answer
    for answer, evidence in [(("P5Y",), ()), ((), EVIDENCE), ((), ())]:
        with pytest.raises(ValueError, match=f"retention of a: status {status}"):
            Finding(doc_id="a", attribute="retention", status=status, answer=answer, evidence=evidence)


@pytest.mark.parametrize("status", ["not_found", "cut_off", "unsure", "unreadable"])
def test_what_states_nothing_has_no_answer(status: str) -> None:
    assert Finding(doc_id="a", attribute="retention", status=status).answer == ()
    for evidence in [(), EVIDENCE]:
        with pytest.raises(ValueError, match=f"retention of a: status {status}"):
            Finding(doc_id="a", attribute="retention", status=status, answer=("P5Y",), evidence=evidence)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        EVIDENCE[0].quote = "xyz"
