"""Verdicts on answers: when they hold, what reviewers come to together, out to Excel, back, and into every report."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.cli import main
from pipeline.records import Evidence, Finding, Sentence
from pipeline.render import form
from pipeline.review import answers
from pipeline.review.agreement import agreement, precision
from pipeline.review.verdict_sheet import KIND, VERDICTS
from pipeline.run import run
from pipeline.store import catalogue, open_store
from pipeline.store.verdicts import Verdict

Cells = dict[str, str]
Fill = Callable[[Cells], Mapping[str, object]]


def policy(*texts: str) -> list[Sentence]:
    """Sentences one below the other; one that ends in a colon leads those behind it in, `©` begins furniture."""
    made: list[Sentence] = []
    for index, text in enumerate(texts):
        lead = next((s.index for s in reversed(made) if s.text.endswith(":")), None)
        start = made[-1].end + 1 if made else 0
        kind = "furniture" if text.startswith("©") else "item" if lead is not None else "body"
        made.append(
            Sentence(doc_id="d", index=index, start=start, end=start + len(text), text=text, kind=kind, lead_in=lead)
        )
    return made


def finding(answer: tuple[str, ...], sentences: list[Sentence], *rests: int) -> Finding:
    evidence = tuple(
        Evidence(sentence=i, start=sentences[i].start, end=sentences[i].end, quote=sentences[i].text) for i in rests
    )
    return Finding(
        doc_id="d", attribute="retention", status="stated" if answer else "not_found", answer=answer, evidence=evidence
    )


def verdict(said: Finding, sentences: list[Sentence], given: str, who: str = "Lan") -> Verdict:
    """`given` is a verdict, behind a colon the corrected value."""
    chosen, _, corrected = given.partition(":")
    judged = json.dumps(answers.said(said, sentences), ensure_ascii=False)
    return Verdict("V", "d", "c", "finding", "retention", judged, chosen, corrected, "", who)


KEPT = "Chúng tôi lưu dữ liệu 24 tháng."
THEN = policy(KEPT, "Liên hệ qua điện thoại.", "© 2025")
SAID, SILENT = finding(("P24M",), THEN, 0), finding((), THEN)


@pytest.mark.parametrize(
    ("given", "state", "status", "answer"),
    [
        (["right"], "right", "stated", ("P24M",)),
        (["wrong:P36M; until_request"], "corrected", "stated", ("P36M", "until_request")),
        (["wrong:—"], "corrected", "not_found", ()),
        (["wrong"], "wrong", "stated", ("P24M",)),
        (["cannot_tell"], "cannot_tell", "stated", ("P24M",)),
        (["right", "right"], "right", "stated", ("P24M",)),
        (["right", "cannot_tell"], "right", "stated", ("P24M",)),
        (["right", "wrong"], "disputed", "stated", ("P24M",)),
        (["wrong:P36M", "wrong:P36M"], "corrected", "stated", ("P36M",)),
        (["wrong:P36M", "wrong:P12M"], "disputed", "stated", ("P24M",)),
    ],
)
def test_what_reviewers_come_to(given: list[str], state: str, status: str, answer: tuple[str, ...]) -> None:
    verdicts = [verdict(SAID, THEN, said, f"reviewer {number}") for number, said in enumerate(given)]
    found = answers.reviewed(SAID, THEN, verdicts)
    assert found.review
    assert (found.review.state, found.status, found.answer) == (state, status, answer)
    assert (found.review.status, found.review.said, len(found.review.reviewers)) == ("stated", ("P24M",), len(given))
    assert bool(found.evidence) == bool(answer)


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ((KEPT, "Liên hệ qua điện thoại.", "© 2025"), "right"),
        (("Một câu mới.", KEPT, "Liên hệ qua thư."), "right"),
        (("Chúng tôi  lưu dữ\u00a0liệu 24 tháng.",), "right"),
        (("Chúng tôi lưu dữ liệu 36 tháng.", "Liên hệ qua điện thoại."), "pending"),
        (("Không đúng là:", KEPT), "pending"),
    ],
    ids=["same", "moved, others changed", "white space", "another term", "below a lead-in"],
)
def test_a_verdict_holds_while_its_sentences_are_the_same(texts: tuple[str, ...], state: str) -> None:
    now = policy(*texts)
    at = next(s.index for s in now if "tháng" in s.text)
    found = answers.reviewed(finding(("P24M",), now, at), now, [verdict(SAID, THEN, "right")])
    assert found.review
    assert found.review.state == state


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ((KEPT, "Liên hệ qua điện thoại.", "© 2026"), "corrected"),
        ((KEPT, "Liên hệ qua điện thoại.", "Dữ liệu được lưu lâu dài."), "pending"),
    ],
    ids=["another footer", "a new sentence"],
)
def test_where_nothing_was_found_the_whole_policy_decides(texts: tuple[str, ...], state: str) -> None:
    now = policy(*texts)
    found = answers.reviewed(finding((), now), now, [verdict(SILENT, THEN, "wrong:P24M")])
    assert found.review
    assert (found.review.state, bool(found.answer)) == (state, state == "corrected")


@pytest.mark.parametrize(
    ("given", "machine", "state", "answer"),
    [
        ("right", ("P36M",), "corrected", ("P24M",)),
        ("wrong:P36M", ("P36M",), "right", ("P36M",)),
        ("wrong", ("P36M",), "pending", ("P36M",)),
        ("cannot_tell", ("P36M",), "pending", ("P36M",)),
        ("right", (), "corrected", ("P24M",)),
    ],
)
def test_an_upgrade_that_answers_otherwise_from_the_same_text(
    given: str, machine: tuple[str, ...], state: str, answer: tuple[str, ...]
) -> None:
    """What people say of a text outlasts the pipeline; that an answer is wrong says nothing of another answer."""
    now = finding(machine, THEN, *([1] if machine else []))
    found = answers.reviewed(now, THEN, [verdict(SAID, THEN, given)])
    assert found.review
    assert (found.review.state, found.answer, found.review.said) == (state, answer, machine)
    if (given, state) == ("right", "corrected"):
        assert [e.quote for e in found.evidence] == [KEPT]


def test_the_newest_verdict_that_holds_counts_for_a_reviewer() -> None:
    other = policy("Chúng tôi lưu dữ liệu 36 tháng.")
    old = verdict(finding(("P36M",), other, 0), other, "right")
    found = answers.reviewed(SAID, THEN, [old, verdict(SAID, THEN, "wrong:P12M")])
    assert (found.answer, found.review and found.review.state) == (("P12M",), "corrected")


def judged(rows: list[tuple[str, str]]) -> list[Verdict]:
    """Two reviewers' verdicts, a row each."""
    said = [replace(SAID, answer=(f"P{number}M",)) for number in range(1, len(rows) + 1)]
    return [
        verdict(one, THEN, given, who)
        for one, pair in zip(said, rows, strict=True)
        for who, given in zip(("An", "Bo"), pair, strict=True)
        if given
    ]


def test_agreement_by_hand() -> None:
    """20 rows of the textbook kind: 0.7 the same, 0.5 by chance, so kappa is 0.4."""
    rows = [("right", "right")] * 8 + [("right", "wrong")] * 2 + [("wrong", "right")] * 4 + [("wrong", "wrong")] * 6
    assert [tuple(a) for a in agreement(judged([*rows, ("right", "")]))] == [("An", "Bo", 20, 14, 0.7, 0.4)]
    assert [a.kappa for a in agreement(judged([("right", "right")] * 3))] == [None]
    assert agreement(judged([("right", "")])) == []


def test_precision_by_hand() -> None:
    """9 of 10: Wilson's interval is 0.596 to 0.982."""
    rows = [("right", "")] * 9 + [("wrong:P9M", ""), ("cannot_tell", "cannot_tell"), ("right", "wrong")]
    absent = verdict(SILENT, THEN, "right")
    assert [tuple(p) for p in precision([*judged(rows), absent])] == [
        ("absence", "retention", 1, 0, 0, 0, 1.0, 0.207, 1.0),
        ("answer", "retention", 9, 1, 1, 1, 0.9, 0.596, 0.982),
    ]


TEXT = """CHÍNH SÁCH BẢO MẬT THÔNG TIN

1. Thu thập thông tin

Cửa hàng Mây Tre thu thập họ tên và số điện thoại của khách hàng khi khách hàng đặt hàng.

2. Lưu trữ

Chúng tôi lưu trữ thông tin cá nhân của khách hàng trong 24 tháng.

3. Liên hệ

Mọi thắc mắc về thông tin cá nhân xin gửi tới email lienhe@maytre.example.
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The output of a run over one invented policy."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "maytre.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    run(str(tmp_path / "raw"), tmp_path / "out")
    return tmp_path / "out"


def again(out: Path, old: str = "", new: str = "") -> None:
    """Runs once more; `old` in the policy has become `new`."""
    raw = out.parent / "raw" / "maytre.txt"
    text = raw.read_text(encoding="utf-8")
    assert old in text
    raw.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    run(str(raw.parent), out)


def exported(out: Path, name: str, *more: str) -> Path:
    path = out.parent / f"{name}.xlsx"
    assert main(["review", "export", "--for", "findings", str(out), str(path), *more]) == 0
    return path


def fill(path: Path, change: Fill) -> Path:
    """Fills in a workbook as Excel would: `change` says of the cells of a row which become what."""
    book = load_workbook(path)
    page = book[form.ROWS]
    ids = [cell.value for cell in page[form.HEADER]]
    for row in page.iter_rows(min_row=form.HEADER + 1):
        cells = {name: str(cell.value or "") for name, cell in zip(ids, row, strict=True)}
        for name, value in change(cells).items():
            row[ids.index(name)].value = value or None
    book.save(path)
    return path


def on(subject: str, **cells: object) -> Fill:
    return lambda row: {"reviewer": "Lan", **cells} if row["subject"] == subject else {}


def rows(path: Path) -> dict[str, Cells]:
    found = form.read(path)
    assert found.kind == KIND
    return {row["subject"]: row for _, row in found.rows}


def imported(path: Path, out: Path, *more: str) -> int:
    return main(["review", "import", str(path), "--out", str(out), *more])


def review(out: Path, attribute: str = "retention") -> tuple[str, str, Mapping[str, object]]:
    """Words and status of a cell of comparison.json, and what stands there of its review."""
    (vendor,) = json.loads((out / "comparison.json").read_text(encoding="utf-8"))["vendors"]
    said = vendor["findings"][attribute]
    return said["words"], said["status"], said["review"]


def test_out_to_excel_and_back_into_every_format(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(out, "lan")
    asked = rows(path)
    assert asked["retention"] | {"id": ""} == asked["retention"] | {
        "id": "", "vendor": "maytre", "what": "câu trả lời", "answer": "24 tháng", "values": "P24M", "verdict": "",
        "text": "câu 4: “Chúng tôi lưu trữ thông tin cá nhân của khách hàng trong 24 tháng.”",
    }  # fmt: skip
    assert {row["what"] for row in asked.values()} == {"câu trả lời", "loại của câu"}
    choices = [cell.value for cell in load_workbook(path)[form.LISTS]["A"]]
    assert choices == list(VERDICTS.values())
    fill(path, on("retention", verdict=VERDICTS["wrong"], corrected="P36M; until_request", comment="đọc mục 2"))
    assert imported(path, out) == 0
    assert "1 verdicts kept, 0 there already, 0 refused" in capsys.readouterr().out
    assert review(out)[2] is None
    again(out)
    said = "✎ [người xem đã sửa] 36 tháng; đến khi có yêu cầu xóa"
    machine = {"status": "stated", "answer": ["P24M"]}
    assert review(out) == (said, "stated", {"state": "corrected", "reviewers": ["Lan"], "machine": machine})
    with (out / "comparison.csv").open(encoding="utf-8-sig", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert said in row.values()
    assert said in [cell.value for cell in load_workbook(out / "comparison.xlsx")["So sánh"][3]]
    markdown = (out / "comparison.md").read_text(encoding="utf-8")
    assert f"- **Thời gian lưu trữ**: {said}\n  - người xem: Lan; máy trả lời: 24 tháng\n" in markdown
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "✎ <span" in page
    assert '"corrected"]' in page
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["reviews"] == {"corrected": 1}
    assert "retention" not in rows(exported(out, "next"))
    assert rows(exported(out, "all", "--all"))["retention"]["state"] == "đã sửa"


def test_a_changed_sentence_is_asked_again_and_its_verdict_stays(out: Path) -> None:
    assert imported(fill(exported(out, "lan"), on("retention", verdict="right")), out) == 0
    again(out, "họ tên và số điện thoại", "họ tên, địa chỉ và số điện thoại")
    assert review(out)[0] == "✓ [người xem: đúng] 24 tháng"
    again(out, "24 tháng", "36 tháng")
    assert review(out)[0] == "↻ [cần xem lại] 36 tháng"
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["reviews"] == {"pending": 1}
    first, *_ = form.read(exported(out, "next")).rows
    assert (first[1]["subject"], first[1]["state"]) == ("retention", "câu đã đổi: cần xem lại")
    assert imported(fill(out.parent / "next.xlsx", on("retention", verdict="right")), out) == 0
    again(out, "36 tháng", "24 tháng")
    assert review(out)[0] == "✓ [người xem: đúng] 24 tháng"


def test_reports_are_written_anew_for_verdicts_alone(out: Path) -> None:
    written = out / "comparison.md"
    path = fill(exported(out, "lan"), on("retention", verdict="right"))
    stamp = written.stat().st_mtime_ns
    again(out)
    assert written.stat().st_mtime_ns == stamp
    imported(path, out)
    again(out)
    assert written.stat().st_mtime_ns > stamp


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"id": "0123456789ab"}, "no row was exported with the id '0123456789ab'"),
        ({"id": ""}, "no row was exported with the id ''"),
        ({"values": "P36M"}, "the row or its id was altered"),
        ({"text": "câu 1"}, "the row or its id was altered"),
        ({"verdict": "maybe"}, "unknown verdict 'maybe'"),
        ({"verdict": "", "corrected": "P36M"}, "a corrected value or a comment, but no verdict"),
        ({"corrected": "P36M"}, "a corrected value beside the verdict right"),
        ({"verdict": "wrong", "corrected": "P24M"}, "the corrected value is what the machine said"),
        ({"verdict": "wrong", "corrected": " ; "}, "the corrected value ';' is empty"),
        ({"reviewer": ""}, "nobody stands as reviewer"),
    ],
)
def test_a_bad_row_is_refused_by_name_and_the_others_are_taken(
    out: Path, capsys: pytest.CaptureFixture[str], cells: dict[str, str], reason: str
) -> None:
    path = fill(exported(out, "lan"), on("emails", verdict="right"))
    fill(path, on("retention", **{"verdict": "right", **cells}))
    assert imported(path, out) == 1
    said = capsys.readouterr()
    assert f"sheet {form.ROWS}, row " in said.err
    assert reason in said.err
    assert "1 verdicts kept, 0 there already, 1 refused" in said.out
    with open_store(out) as store:
        assert [v.subject for v in store.verdicts()] == ["emails"]


def test_sentences_are_judged_by_category(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(out, "lan")
    asked = [name for name, row in rows(path).items() if row["what"] == "loại của câu"]
    fill(path, on(asked[0], verdict="wrong", corrected="no category"))
    fill(path, on(asked[1], verdict="wrong", corrected="Trẻ em"))
    assert imported(path, out) == 1
    assert "unknown label 'no category'" in capsys.readouterr().err
    with open_store(out) as store:
        assert [(v.kind, v.corrected) for v in store.verdicts()] == [("sentence", "children")]
    assert asked[1] not in rows(exported(out, "next"))


def test_a_file_from_another_store_is_refused_row_by_row(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = fill(exported(out, "lan"), on("retention", verdict="right"))
    run(str(out.parent / "raw" / "maytre.txt"), out.parent / "other")
    assert imported(path, out.parent / "other") == 1
    said = capsys.readouterr()
    assert "the file was made from another store" in said.err
    assert "0 verdicts kept, 0 there already, 1 refused" in said.out


def test_nothing_is_overwritten_unless_asked(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = fill(exported(out, "lan"), on("retention", verdict="right"))
    assert (imported(path, out), imported(path, out)) == (0, 0)
    assert "0 verdicts kept, 1 there already, 0 refused" in capsys.readouterr().out
    fill(path, on("retention", verdict="cannot_tell"))
    assert imported(path, out) == 1
    assert "Lan judged it otherwise before" in capsys.readouterr().err
    fill(path, on("retention", reviewer="Bình"))
    assert imported(path, out) == 0
    assert main(["review", "report", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out.partition("\n{")[2].join(("{", "")))
    assert [row["rows"] for row in found["agreement"]] == [1]
    fill(path, on("retention", reviewer="Lan"))
    assert imported(path, out, "--replace") == 0
    with open_store(out) as store:
        assert sorted((v.reviewer, v.verdict) for v in store.verdicts()) == [
            ("Bình", "cannot_tell"),
            ("Lan", "cannot_tell"),
        ]
    assert main(["review", "report", str(out)]) == 0
    assert "Bình, Lan: 1 of 1 the same (1.00), Cohen's kappa not defined" in capsys.readouterr().out


def test_bad_places_are_refused(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(out, "lan")
    assert imported(path, tmp_path / "nowhere") == 2
    assert "there is no store" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
    assert main(["review", "import", str(path), "--gold", str(tmp_path / "gold")]) == 2
    assert main(["review", "export", "--for", "findings", str(out), str(tmp_path / "a.json")]) == 2
    before = path.read_bytes()
    for taken in (path, tmp_path / "nowhere" / "a.xlsx"):
        assert main(["review", "export", "--for", "findings", str(out), str(taken)]) == 2
    assert path.read_bytes() == before
    said = capsys.readouterr().err
    assert "may hold a reviewer's work" in said
    assert "its folder is not there or cannot be written" in said


def test_a_store_of_the_first_schema_takes_verdicts_after_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "maytre.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    with monkeypatch.context() as earlier:
        earlier.setattr(catalogue, "MIGRATIONS", catalogue.MIGRATIONS[:1])
        catalogue.connect(tmp_path / "out" / "store", write=True).close()
    run(str(tmp_path / "raw"), tmp_path / "out")
    assert imported(fill(exported(tmp_path / "out", "lan"), on("retention", verdict="right")), tmp_path / "out") == 0
