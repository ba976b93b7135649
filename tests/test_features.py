"""Hashed n-grams against a plain way of making them, and what must hold for the vectoriser."""

import re
import time
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from pipeline.artefact import Saved
from pipeline.features import Field, Range, Vectoriser, ngrams
from pipeline.nlp import fold
from pipeline.train import Examples

SLOWEST = 4_000 / 2
"""Units a second, on one core: what is promised, halved for slow machines."""


class Text(NamedTuple):
    text: str
    heading: str = ""


FIELDS = (Field(("text",), (1, 2), (2, 4), 1.0), Field(("heading", "text"), (1, 1), None, 0.5))

TEXTS = st.lists(st.text("abâđ ýI.:%\n\t?" + "_", max_size=12), max_size=6)
RANGES = st.none() | st.sampled_from([(1, 1), (1, 3), (2, 6), (4, 5)])


def plainly(texts: list[str], words: Range | None, chars: Range | None) -> list[tuple[int, str, str]]:
    """(row, kind, n-gram) in the order in which `ngrams` gives them."""
    tokens = [re.findall(r"\w+|[:?%@]", fold(text)) for text in texts]
    found = []
    for n in range(chars[0], chars[1] + 1) if chars else ():
        for row, line in enumerate(map(" ".join, tokens)):
            found += [(row, "chars", line[i : i + n]) for i in range(len(line) - n + 1)]
    for n in range(words[0], words[1] + 1) if words else ():
        for row, line in enumerate(tokens):
            found += [(row, "words", " ".join(line[i : i + n])) for i in range(len(line) - n + 1)]
    return found


@given(TEXTS, RANGES, RANGES)
@example(["a", "a b"], (4, 5), None)
def test_ngrams_are_those_of_each_text_alone_and_equal_ones_have_one_hash(
    texts: list[str], words: Range | None, chars: Range | None
) -> None:
    if words is None and chars is None:
        words = (1, 1)
    expected, found = plainly(texts, words, chars), ngrams(texts, words=words, chars=chars)
    assert found.rows.tolist() == [row for row, _, _ in expected]
    pairs = {((kind, gram), value) for (_, kind, gram), value in zip(expected, found.hashes.tolist(), strict=True)}
    assert len(pairs) == len({gram for gram, _ in pairs}) == len({value for _, value in pairs})


@given(TEXTS, st.integers(1, 9))
def test_salt_keeps_fields_apart(texts: list[str], salt: int) -> None:
    plain, salted = (ngrams(texts, words=(1, 2), chars=(2, 3), salt=s) for s in (0, salt))
    assert plain.rows.tolist() == salted.rows.tolist()
    assert not set(plain.hashes.tolist()) & set(salted.hashes.tolist())


def hashes(text: str) -> list[int]:
    return ngrams([text], words=(1, 3), chars=(2, 5)).hashes.tolist()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Hủy tài khoản", "huỷ TÀI KHOẢN"),
        ("quyền, riêng - tư", "quyền riêng tư"),
        ("bảo\nmật", "bảo  mật"),
        ("bảo\xa0mật", "bảo mật"),
    ],
)
def test_what_makes_no_difference(one: str, two: str) -> None:
    assert hashes(one) == hashes(two)


@pytest.mark.parametrize(("one", "two"), [("đồng ý", "đồng"), ("bảo", "bao"), ("gồm:", "gồm"), ("đồng ý?", "đồng ý")])
def test_what_makes_a_difference(one: str, two: str) -> None:
    assert hashes(one) != hashes(two)


UNITS = [
    Text("Chúng tôi thu thập họ tên", "Thu thập"),
    Text("Chúng tôi lưu trữ họ tên", "Lưu trữ"),
    Text("", "Lưu trữ"),
    Text("", ""),
]


def test_each_field_has_the_length_of_its_weight() -> None:
    vectoriser = Vectoriser(FIELDS, least=1).fit(UNITS)
    matrix, width = vectoriser.transform(UNITS).toarray(), len(vectoriser.hashes_[0])
    lengths = [np.linalg.norm(block, axis=1) for block in (matrix[:, :width], matrix[:, width:])]
    assert np.allclose(lengths, [[1, 1, 0, 0], [0.5, 0.5, 0.5, 0]], atol=1e-6)
    assert matrix.dtype == np.float32


def test_rare_ngrams_are_left_out_and_rarer_ones_weigh_more() -> None:
    fields = (Field(("text",), (1, 1), None, 1.0),)
    units = [Text("bảo mật"), Text("bảo hành"), Text("bảo mật bảo mật"), Text("giao hàng")]
    vectoriser = Vectoriser(fields, least=2).fit(units)
    by_hash = dict(zip(vectoriser.hashes_[0].tolist(), vectoriser.idf_[0].tolist(), strict=True))
    bao, mat = ngrams(["bảo mật"], words=(1, 1), chars=None).hashes.tolist()
    assert by_hash == pytest.approx({bao: np.log(5 / 4) + 1, mat: np.log(5 / 3) + 1})


def test_unseen_words_are_nothing() -> None:
    vectoriser = Vectoriser(FIELDS, least=1).fit(UNITS)
    assert vectoriser.transform([Text("xyz qwk"), Text("", "jjj")]).nnz == 0
    both = vectoriser.transform([Text("họ tên"), Text("họ tên xyz qwk")])
    assert both[0].indices.tolist() == [i for i in both[1].indices.tolist() if i in set(both[0].indices.tolist())]


@pytest.mark.parametrize("units", [[], [Text("")], [Text("họ tên")]], ids=["no units", "empty unit", "one unit"])
def test_few_units(units: list[Text]) -> None:
    vectoriser = Vectoriser(FIELDS, least=1).fit(UNITS)
    assert vectoriser.transform(units).shape == (len(units), sum(map(len, vectoriser.hashes_)))


def test_nothing_learned_gives_no_columns() -> None:
    assert Vectoriser(FIELDS, least=99).fit(UNITS).transform(UNITS).shape == (len(UNITS), 0)


@given(TEXTS.filter(bool), st.randoms())
def test_a_unit_is_read_alike_in_any_company(texts: list[str], random: st.randoms) -> None:
    units = [Text(text) for text in texts]
    vectoriser = Vectoriser(FIELDS, least=1).fit(units)
    order = random.sample(range(len(units)), len(units))
    together = vectoriser.transform(units).toarray()
    assert np.array_equal(together[order], vectoriser.transform([units[i] for i in order]).toarray())
    assert np.array_equal(together, vectoriser.transform(units).toarray())


def test_fitting_twice_learns_the_same(dozen: Examples) -> None:
    one, two = (Vectoriser(FIELDS[:1]).fit(dozen.units) for _ in range(2))
    assert np.array_equal(one.hashes_[0], two.hashes_[0])
    assert np.array_equal(one.idf_[0], two.idf_[0])


def test_speed(dozen: Examples, trained: Saved) -> None:
    trained.model.probabilities(dozen.units)
    with threadpool_limits(1):
        started = time.process_time()
        trained.model.probabilities(dozen.units)
        assert len(dozen.units) / (time.process_time() - started) > SLOWEST
