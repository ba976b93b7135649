"""Near-duplicate sentences and templates: invented policies, and sets at random against all pairs."""

import random
from itertools import combinations

import numpy as np
import pytest
from conftest import policy_of

from pipeline.features import Grams
from pipeline.likeness import ALIKE, _groups, likeness
from pipeline.records import Analysis, Entity, Sentence

SAME = "Chúng tôi chỉ thu thập thông tin cần thiết để giao hàng và chăm sóc khách hàng sau khi mua."


def analysis_of(doc_id: str, *lines: str, name: str = "") -> Analysis:
    """A policy with one sentence a line, and the name of its organization where `name` stands in them."""
    text, sentences, entities = "\n".join(lines), [], []
    for index, line in enumerate(lines):
        start = text.index(line, sentences[-1].end if sentences else 0)
        end = start + len(line)
        sentences.append(Sentence(doc_id=doc_id, index=index, start=start, end=end, text=line, kind="body"))
        at = line.find(name) if name else -1
        if at >= 0:
            place = {"start": start + at, "end": start + at + len(name)}
            entities.append(
                Entity(doc_id=doc_id, sentence=index, kind="organization", text=name, value=name, rule="", **place)
            )
    policy = policy_of(text, doc_id)
    return Analysis(policy=policy, sentences=tuple(sentences), entities=tuple(entities), clauses=())


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (SAME, SAME, True),
        (SAME, SAME.upper().replace("HOÁ", "HÓA"), True),
        (SAME, SAME.replace("sau khi mua", "sau mua"), True),
        (SAME, "- " + SAME[:-1] + ";", True),
        ("Lá Xanh không bán dữ liệu của bạn cho ai.", "Hoa Sen không bán dữ liệu của bạn cho ai.", True),
        ("Công ty Lá Xanh không bán dữ liệu của bạn.", "Hoa Sen không bán dữ liệu của bạn.", True),
        (SAME, "Chúng tôi giữ dữ liệu của bạn trong hai mươi bốn tháng kể từ đơn hàng cuối cùng.", False),
        (SAME, SAME + " Quá hạn đó, mọi bản ghi được xóa khỏi máy chủ của công ty và các bản sao lưu.", False),
        ("Điện thoại: 0900 000 001", "Điện thoại: 0900 000 001", False),
    ],
)
def test_a_sentence_is_alike_where_nearly_all_its_words_are(one: str, other: str, alike: bool) -> None:
    found = likeness([analysis_of("a", one, name="Lá Xanh"), analysis_of("b", other, name="Hoa Sen")])
    assert any(len(holders) > 1 for holders in found.holders.values()) == alike


def test_policies_of_one_template_are_a_group() -> None:
    lines = [f"Điều khoản thứ {n} nói về chủ đề {n * 7} và những việc {n * 13} mà công ty làm." for n in range(12)]
    own = [[f"{d} viết riêng câu số {n} với nội dung {n * 31 + ord(d)} của mình." for n in range(8)] for d in "abc"]
    found = likeness(
        [
            analysis_of("a", *lines, *own[0][:2]),
            analysis_of("b", *own[1]),
            analysis_of("c", *lines[:9], *own[2][:3]),
            analysis_of("d"),
        ]
    )
    assert found.templates == [["a", "c"]]
    assert "d" not in found.groups


def test_nothing_to_compare() -> None:
    assert likeness([]).templates == ()
    assert likeness([analysis_of("a", "Ngắn.")]).holders == {}


@pytest.mark.parametrize("seed", range(3))
def test_groups_are_those_of_all_pairs(seed: int) -> None:
    """Sets well above the threshold are joined, sets well below never; what lies between may go either way."""
    chance = random.Random(seed)
    kernels = [{chance.randrange(1 << 32) for _ in range(30)} for _ in range(20)]
    sets = [
        {h for h in chance.choice(kernels) if chance.random() < 0.96} | {chance.randrange(1 << 32)} for _ in range(200)
    ]
    rows = np.array([i for i, members in enumerate(sets) for _ in members])
    hashes = np.array([h for members in sets for h in members], dtype=np.uint32)
    group = _groups(Grams(rows, hashes), len(sets), bands=8, rows=4, least=ALIKE)
    missed, of = 0, 0
    for a, b in combinations(range(len(sets)), 2):
        jaccard = len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        if jaccard < 0.2:
            assert group[a] != group[b]
        elif jaccard > ALIKE:
            of += 1
            missed += group[a] != group[b]
    assert of > 500
    assert missed / of < 0.02
