"""The annotations in data/annotated: well formed, of different vendors, and nothing written twice."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.gold import GoldDocument, read_gold
from pipeline.nlp import fold

FOLDER = Path(__file__).parent.parent / "data" / "annotated"
SHINGLE = 5
"""Words in a shingle: long enough that two sentences share few by chance."""

SAME = 0.7
"""Share of its shingles that a sentence may have in common with one of another policy."""

SHORT = 14
"""Words under which a sentence is stock: the rights of Law 91/2025 art. 4 in the law's own words, say."""

NAMED_LAW = re.compile(r"\d+/\d{4}/")
"""A sentence that names a law by number ("Căn cứ Luật ... số 91/2025/QH15 ngày ...") is the same wherever it stands."""


@pytest.fixture(scope="module")
def gold() -> list[GoldDocument]:
    return read_gold(FOLDER)


def test_every_document_is_listed_once(gold: list[GoldDocument]) -> None:
    listed = [line.split(",")[0] for line in (FOLDER / "documents.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted(listed) == sorted(d.doc_id for d in gold)
    assert len({d.vendor for d in gold}) == len(gold)


def test_there_is_enough_of_it(gold: list[GoldDocument]) -> None:
    assert sum(d.origin == "authored" for d in gold) >= 150
    assert sum(d.origin == "real" for d in gold) == 5
    assert sum(len(d.units) for d in gold) >= 10_000


def test_the_real_policies_are_those_of_data_raw(gold: list[GoldDocument]) -> None:
    for document in gold:
        if document.origin == "real":
            raw = FOLDER.parent / "raw" / f"{document.doc_id}.txt"
            assert raw.read_bytes().decode("utf-8") == document.text


def test_all_text_but_white_space_is_in_units(gold: list[GoldDocument]) -> None:
    for document in gold:
        rest, position = "", 0
        for unit in document.units:
            rest += document.text[position : unit.start]
            position = unit.end
        assert not (rest + document.text[position:]).strip(" \n\t\xa0\u200b\ufeff"), document.doc_id


def test_furniture_is_other_and_entities_stand_in_their_unit(gold: list[GoldDocument]) -> None:
    for document in gold:
        assert all(u.labels == ("other",) for u in document.units if u.kind == "x"), document.doc_id
        for entity in document.entities:
            unit = document.units[entity.unit]
            assert entity.surface in document.text[unit.start :], (document.doc_id, entity)
            assert document.text.find(entity.surface, unit.start) < unit.end, (document.doc_id, entity)


def test_no_sentence_stands_in_two_policies(gold: list[GoldDocument]) -> None:
    seen: dict[int, set[tuple[str, int]]] = defaultdict(set)
    shingles: dict[tuple[str, int], set[int]] = {}
    for document in gold:
        for i, unit in enumerate(document.units):
            text = document.text[unit.start : unit.end]
            words = re.findall(r"\w+", fold(text))
            if unit.kind == "s" and len(words) >= SHORT and not NAMED_LAW.search(text):
                own = {hash(tuple(words[j : j + SHINGLE])) for j in range(len(words) - SHINGLE + 1)}
                shingles[document.doc_id, i] = own
                for shingle in own:
                    seen[shingle].add((document.doc_id, i))
    real = {d.doc_id for d in gold if d.origin == "real"}
    twice = []
    for (doc, i), own in shingles.items():
        if doc in real:
            continue  # real policies share their templates; nothing authored may repeat them or each other
        shared: dict[tuple[str, int], int] = defaultdict(int)
        for shingle in own:
            for other in seen[shingle]:
                if other[0] != doc:
                    shared[other] += 1
        if shared and max(shared.values()) > SAME * len(own):
            twice.append((doc, i, max(shared, key=lambda key: shared[key])))
    assert not twice
