"""What stands out in the field: invented findings of invented vendors."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from test_likeness import analysis_of

from pipeline.attributes import attributes
from pipeline.field import NAMED, field, terms
from pipeline.records import Analysis, Entity, Evidence, Finding, Requirement, Standing

LINE = "Dữ liệu được giữ trong thời hạn đã nêu ở trên."


def vendor(doc_id: str, *entities: tuple[str, str, Mapping[str, str]]) -> Analysis:
    """A policy of one sentence with the given entities (kind, value, detail)."""
    from dataclasses import replace

    found = tuple(
        Entity(doc_id=doc_id, sentence=0, kind=k, start=0, end=4, text=LINE[:4], value=v, detail=d, rule="")
        for k, v, d in entities
    )
    return replace(analysis_of(doc_id, LINE), entities=found)


def findings_of(doc_id: str, **answers: Sequence[str] | str) -> list[Finding]:
    """A finding an attribute: stated with answers, `cut_off` where the answer is that word, else not found."""
    quote = Evidence(sentence=0, start=0, end=len(LINE), quote=LINE)
    found = []
    for attribute in attributes():
        answer = answers.get(attribute.id, ())
        if isinstance(answer, str):
            found.append(Finding(doc_id=doc_id, attribute=attribute.id, status=answer))
        elif answer:
            given: dict[str, Any] = {"answer": tuple(answer), "evidence": (quote,)}
            found.append(Finding(doc_id=doc_id, attribute=attribute.id, status="stated", **given))
        else:
            found.append(Finding(doc_id=doc_id, attribute=attribute.id, status="not_found"))
    return found


def standing(said: Sequence[Standing], kind: str) -> dict[str, tuple[str, str, int, int, tuple[str, ...]]]:
    return {s.doc_id: (s.subject, s.value, s.count, s.of, s.others) for s in said if s.kind == kind}


KEEPS = {"a": ["P10Y", "P30D"], "b": ["P24M"], "c": ["P2Y"], "d": ["indefinite"], "e": []}


@pytest.fixture(scope="module")
def of_retention() -> tuple[Standing, ...]:
    analyses = [vendor(d, *(("retention", v, {"applies_to": v}) for v in values)) for d, values in KEEPS.items()]
    return field(analyses, [f for d, values in KEEPS.items() for f in findings_of(d, retention=values)], [])


def test_longest_shortest_and_open_ended(of_retention: tuple[Standing, ...]) -> None:
    assert standing(of_retention, "longest") == {"a": ("retention", "P10Y", 1, 3, ())}
    assert standing(of_retention, "shortest") == {"a": ("retention", "P30D", 1, 3, ())}
    assert standing(of_retention, "open_ended") == {"d": ("retention", "indefinite", 1, 4, ())}
    assert standing(of_retention, "lacks") == {"e": ("retention", "", 4, 5, ("a", "b", "c", "d"))}
    assert all(s.evidence[0].quote == LINE for s in of_retention if s.kind in ("longest", "shortest", "open_ended"))


def test_equal_terms_are_no_extreme() -> None:
    analyses = [vendor(d, ("retention", v, {})) for d, v in (("a", "P2Y"), ("b", "P24M"), ("c", "P730.5D"))]
    said = field(analyses, [f for a in analyses for f in findings_of(a.policy.doc_id, retention=["P2Y"])], [])
    assert not standing(said, "longest") | standing(said, "shortest")


def test_what_one_alone_says_and_what_it_cannot_be_blamed_for() -> None:
    answers: dict[str, dict[str, Any]] = {
        "a": {"cookies": ["có"], "data_types": ["name", "phone"], "deletion": ["delete"]},
        "b": {"data_types": ["name", "income"], "deletion": ["delete"], "tax_code": ["site:0101234567"]},
        "c": {"data_types": ["name", "phone"], "deletion": "cut_off"},
        "d": {"deletion": ["delete"], "emails": "unreadable"},
    }
    found = [f for doc_id, said in answers.items() for f in findings_of(doc_id, **said)]
    said = field([vendor(doc_id) for doc_id in answers], found, [])
    assert standing(said, "only_one") == {"a": ("cookies", "", 1, 4, ())}, "what only a footer says is not said"
    assert standing(said, "only_value") == {"b": ("data_types", "income", 1, 3, ())}
    assert standing(said, "lacks") == {"d": ("data_types", "", 3, 4, ("a", "b", "c"))}


def test_points_of_the_law_that_most_have() -> None:
    status = {"a": "met", "b": "partly", "c": "missing", "d": "cut_off"}
    points = [
        Requirement(doc_id=d, regime=regime, element=element, status=s)  # type: ignore[arg-type]
        for d, s in status.items()
        for regime, element in (("decree-248-2026", "g"), ("further-points", "children_data"))
    ]
    said = field([vendor(d) for d in status], [f for d in status for f in findings_of(d)], points)
    assert standing(said, "lacks") == {"c": ("decree-248-2026/g", "", 2, 3, ("a", "b"))}


def test_of_two_nothing_stands_out_but_what_they_share() -> None:
    call = ("phone", "+84900000001", {"said_by": "site"})
    analyses = [vendor("a", call), vendor("b", call, ("email", "a@b.example", {}))]
    said = field(analyses, [*findings_of("a", cookies=["có"]), *findings_of("b")], [])
    assert {s.kind for s in said} == {"boilerplate", "template", "shared"}
    assert standing(said, "shared") == {
        "a": ("phone", "+84900000001", 2, 2, ("b",)),
        "b": ("phone", "+84900000001", 2, 2, ("a",)),
    }
    assert standing(said, "boilerplate")["a"] == ("", "1.00", 1, 1, ("b",))
    assert standing(said, "template")["b"] == ("", "T1", 2, 2, ("a",))


def test_others_are_named_up_to_a_number() -> None:
    ids = [f"v{n:03}" for n in range(60)]
    said = field([vendor(d, ("phone", "+84900000001", {})) for d in ids], [f for d in ids for f in findings_of(d)], [])
    for s in said:
        assert s.doc_id not in s.others
        assert len(s.others) <= NAMED
    assert standing(said, "shared")["v030"][2] == 60


def test_older_versions_and_nothing_at_all_are_passed_over() -> None:
    assert field([], findings_of("old"), []) == ()
    assert terms([]) == ()


def test_terms_are_sorted_with_what_they_apply_to() -> None:
    analysis = vendor(
        "a",
        ("retention", "until_request", {}),
        ("retention", "P30D", {"bound": "at_most", "applies_to": "nhật ký"}),
        ("retention", "P10Y", {"bound": "at_least", "applies_to": "chứng từ"}),
        ("retention", "P10Y", {"bound": "at_least", "applies_to": "chứng từ"}),
        ("retention", "P1Y", {"said_by": "site", "bound": "exact"}),
    )
    assert [(t.value, t.days, t.bound, t.applies_to, t.site) for t in terms([analysis])] == [
        ("P10Y", 3652.5, "at_least", "chứng từ", False),
        ("P1Y", 365.25, "exact", "", True),
        ("P30D", 30.0, "at_most", "nhật ký", False),
        ("until_request", None, "", "", False),
    ]
