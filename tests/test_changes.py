"""Two versions of one policy: what is reported as changed, and what is not."""

import random
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import edits
import pytest
from conftest import policy_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.artefact import Saved
from pipeline.changes import changes
from pipeline.changes.align import align
from pipeline.changes.quarantine import quarantine
from pipeline.changes.wording import Line, lines
from pipeline.entities import extract
from pipeline.errors import OtherPipeline
from pipeline.records import Analysis, Change, Clause, Sentence
from pipeline.render.word_diff import word_diff
from pipeline.run import Analyser
from pipeline.segment import segment

RAW = sorted((Path(__file__).parent.parent / "data" / "raw").glob("*.txt"))
Analyse = Callable[[str], Analysis]


@pytest.fixture(scope="module")
def analyse(trained: Saved) -> Analyse:
    """What the whole pipeline sees in a text."""
    analyser = Analyser()
    return lambda text: analyser(policy_of(text))


def seen(text: str) -> Analysis:
    """What is seen in a text without a model: sentences and entities, and no category but `other`."""
    policy = policy_of(text)
    sentences = segment(policy)
    said = {"doc_id": policy.doc_id, "label": "other", "score": 1.0, "primary": True, "unsure": False}
    clauses = tuple(Clause(sentence=s.index, **said) for s in sentences)  # type: ignore[arg-type]
    return Analysis(policy=policy, sentences=sentences, entities=extract(policy, sentences), clauses=clauses)


@pytest.fixture(scope="module")
def edited(analyse: Analyse) -> edits.Score:
    """A hundred edits in copies of the real policies, four a copy, among cosmetic ones."""
    bases = [(text, analyse(text)) for text in (path.read_text(encoding="utf-8") for path in RAW)]
    rng, score, turn = random.Random(20261), edits.Score(), 0
    while score.edits < 100:
        text, analysis = bases[turn % len(bases)]
        makers = [*rng.sample(edits.EDITS, 4), *rng.sample(edits.COSMETIC, 4)]
        made = [edit for maker in makers if (edit := maker(text, analysis, rng))]
        old, new, places = edits.versions(text, made)
        score = edits.score(changes(analyse(old), analyse(new)), places, score)
        turn += 1
    return score


def test_edits_are_found_and_nothing_else(edited: edits.Score) -> None:
    assert edited.precision >= 0.95, edited.wrong
    assert edited.recall >= 0.95, edited.missed


@pytest.mark.parametrize("name", [path.stem for path in RAW])
def test_cosmetic_edits_are_no_changes(name: str, analyse: Analyse) -> None:
    text = next(path for path in RAW if path.stem == name).read_text(encoding="utf-8")
    analysis, rng = analyse(text), random.Random(name)
    for maker in edits.COSMETIC:
        if edit := maker(text, analysis, rng):
            old, new, _ = edits.versions(text, [edit])
            found = changes(analyse(old), analyse(new))
            assert {c.kind for c in found} <= {"cosmetic"}, (edit.name, found)


def said(change: Change) -> str:
    if change.level == "clause":
        return " ".join(filter(None, (change.level, change.kind, change.how)))
    return f"value {change.kind} {change.subject}: " + " -> ".join(filter(None, (change.old, change.new)))


CASES = tomllib.loads((Path(__file__).parent / "cases" / "changes.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = changes(seen(case["old"]), seen(case["new"]))
    known = [c for c in found if c.level == "clause" or c.subject in case.get("only", [c.subject])]
    assert [said(c) for c in known] == case["said"]


def test_consent_by_use_gives_way_to_a_box_to_tick(analyse: Analyse) -> None:
    frame = "Chính sách bảo mật\n1. Sự đồng ý\n{}\n2. Lưu trữ\nDữ liệu được lưu trữ trong 12 tháng."
    old = frame.format("Bằng việc sử dụng dịch vụ, bạn đồng ý với chính sách bảo mật này.")
    new = frame.format("Bạn đánh dấu vào ô đồng ý trước khi gửi thông tin cá nhân của mình.")
    assert "value changed consent: by_use -> explicit" in [said(c) for c in changes(analyse(old), analyse(new))]


def test_evidence_is_of_both_sides() -> None:
    old, new = seen("Dữ liệu được lưu trữ trong 12 tháng."), seen("Nay dữ liệu được lưu trữ trong 24 tháng.")
    for change in changes(old, new):
        for analysis, evidence in ((old, change.old_evidence), (new, change.new_evidence)):
            assert evidence
            assert all(analysis.policy.text[e.start : e.end] == e.quote for e in evidence)


def test_a_change_of_the_pipeline_is_none_of_the_vendor() -> None:
    old = seen("Dữ liệu được lưu trữ trong 12 tháng.")
    with pytest.raises(OtherPipeline, match="different pipelines"):
        changes(old, replace(old, fingerprints={"segment": "other"}))


def test_what_stands_behind_the_break_is_not_called_lacking() -> None:
    text = "Chúng tôi thu thập họ tên.\nDữ liệu nằm tại Huế.\nHotline: 1900 6123\nEmail: a@b.example.vn"
    whole, broken = seen(text), seen(text[: text.index("Hotline")])
    broken = replace(broken, policy=replace(broken.policy, flags={"cut_off": 0.9}))
    assert {c.how for c in changes(whole, broken)} == {c.how for c in changes(broken, whole)} == {"behind the break"}


POLICY = RAW[1].read_text(encoding="utf-8")
PAGES = {
    "error_page": "Lỗi 404\nKhông tìm thấy trang bạn yêu cầu. Vui lòng kiểm tra lại đường dẫn.",
    "cookie_wall": "Trang web này sử dụng cookie để phục vụ bạn tốt hơn.\nChấp nhận tất cả cookie\nTùy chọn cookie",
    "bot_check": "Vui lòng xác minh bạn không phải là người máy trước khi tiếp tục.",
    "login_wall": "Vui lòng đăng nhập để xem nội dung này.",
    "stub": "Chính sách bảo mật\nChúng tôi bảo mật thông tin cá nhân của khách hàng và chỉ sử dụng khi có sự đồng ý.\n"
    "Thông tin được lưu trữ an toàn. Khách hàng có quyền chỉnh sửa thông tin cá nhân của mình bất cứ lúc nào.",
    "cut_off": POLICY[: int(len(POLICY) * 0.7)].rsplit(".", 1)[0] + " và các",
}


@pytest.mark.parametrize("reason", PAGES)
def test_a_broken_scrape_is_put_aside(reason: str, analyse: Analyse) -> None:
    found = quarantine(analyse(POLICY), analyse(PAGES[reason]))
    assert found
    assert found.reason == reason
    assert "% of the sentences" in found.message


def test_a_text_that_breaks_off_between_two_sentences_is_put_aside(analyse: Analyse) -> None:
    half = POLICY[: POLICY.index("\n", int(len(POLICY) * 0.6))].rsplit(".", 1)[0] + "."
    found = quarantine(analyse(POLICY), analyse(half))
    assert found
    assert found.reason == "cut_off"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(POLICY, POLICY.replace("10/09/2019", "01/02/2024"), id="an edit"),
        pytest.param(POLICY, RAW[0].read_text(encoding="utf-8"), id="rewritten"),
        pytest.param(POLICY, POLICY.replace(POLICY[2000:4000], ""), id="a part less"),
        pytest.param(POLICY[:4000] + " và các", POLICY, id="whole at last"),
        pytest.param("Chấp nhận cookie", POLICY, id="after a cookie wall"),
    ],
)
def test_a_new_policy_is_not_put_aside(old: str, new: str, analyse: Analyse) -> None:
    assert quarantine(analyse(old), analyse(new)) is None


def test_what_the_user_accepts_is_not_put_aside(analyse: Analyse) -> None:
    stub = analyse(PAGES["stub"])
    accepted = replace(stub, policy=replace(stub.policy, meta={"accepted": "yes"}))
    assert quarantine(analyse(POLICY), accepted) is None


SAID = "chúng tôi thu thập lưu trữ dữ liệu của bạn trong 12 tháng và chia sẻ với đối tác"
WORDS = st.sampled_from(sorted(SAID.split()))
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")
TEXTS = st.lists(SENTENCES, min_size=1, max_size=12).map("\n".join)


@given(TEXTS)
def test_the_same_text_has_no_changes(text: str) -> None:
    assert changes(seen(text), seen(text)) == ()


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_versions_swapped_mirror_what_was_added_and_removed(one: str, other: str) -> None:
    there, back = changes(seen(one), seen(other)), changes(seen(other), seen(one))
    for level in ("value", "clause"):
        added = sorted(c.new or "" for c in there if (c.kind, c.level) == ("added", level))
        assert added == sorted(c.old or "" for c in back if (c.kind, c.level) == ("removed", level))


@given(TEXTS, TEXTS)
def test_every_sentence_has_its_place(one: str, other: str) -> None:
    olds, news = lines(seen(one)), lines(seen(other))
    pairs = align(olds, news)
    assert sorted(i for p in pairs for i in p.old) == list(range(len(olds)))
    assert sorted(j for p in pairs for j in p.new) == list(range(len(news)))


@given(st.text(max_size=40), st.text(max_size=40))
def test_word_diff_holds_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new


def test_long_policies_take_linear_time() -> None:
    def numbered(count: int, shift: int) -> list[Line]:
        found = []
        for i in range(count):
            text = f"câu số {i * 7919 % 9973} nói về dữ liệu {(i + shift) * 104729 % 99991} của khách"
            sentence = Sentence(doc_id="a", index=i, start=0, end=len(text), text=text, kind="body")
            found.append(Line(sentence, text, text, ""))
        return found

    started = time.process_time()
    align(numbered(2000, 0), numbered(2000, 1))
    assert time.process_time() - started < 5
