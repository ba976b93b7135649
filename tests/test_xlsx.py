"""comparison.xlsx as a reader of workbooks finds it: invented policies, hostile text, files that people changed."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import policy_of

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.records import Analysis, Clause, Entity, Evidence, Failure, Finding, Requirement, Sentence
from pipeline.regimes import in_force
from pipeline.render import xlsx
from pipeline.render.terms import terms
from pipeline.render.xlsx import sheet, tables
from pipeline.run import add_standings

SHEETS = [
    *("Tóm tắt", "So sánh", "Mức đầy đủ", "Thay đổi", "Nổi bật", "Thời hạn lưu"),
    *("Bằng chứng", "Thực thể", "Câu", "Đọc tôi"),
]
DAY = date(2026, 11, 22)
LINE = "Thông tin được lưu trữ trong 24 tháng."
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "+1",
    "-1",
    "@a",
    "{=1}",
    'https://a.example/\x01?a b&c"<#d#e',
    "_x0041_",
]


def analysis_of(doc_id: str, text: str = LINE, **policy: object) -> Analysis:
    """A policy of one sentence, with one entity and one clause."""
    from dataclasses import replace

    return Analysis(
        policy=replace(policy_of(text, doc_id), **policy),
        sentences=(Sentence(doc_id=doc_id, index=0, start=0, end=len(text), text=text, kind="body"),),
        entities=(
            Entity(doc_id=doc_id, sentence=0, kind="retention", start=0, end=1, text=text[:1], value="P24M", rule="r"),
        ),
        clauses=(Clause(doc_id=doc_id, sentence=0, label="retention", score=0.4, primary=True, unsure=True),),
    )


def findings_of(doc_id: str, text: str = LINE, **other: Finding) -> list[Finding]:
    """Retention stated twice, sharing in conflict, children cut off, else nothing found, unless told otherwise."""
    quote = Evidence(sentence=0, start=0, end=len(text), quote=text)
    said = {
        "retention": Finding(
            doc_id=doc_id, attribute="retention", status="stated", answer=("P24M",), evidence=(quote, quote)
        ),
        "third_party_sharing": Finding(
            doc_id=doc_id, attribute="third_party_sharing", status="conflict", answer=("never",), evidence=(quote,)
        ),
        "children": Finding(doc_id=doc_id, attribute="children", status="cut_off"),
        **other,
    }
    return [said.get(a.id, Finding(doc_id=doc_id, attribute=a.id, status="not_found")) for a in attributes()]


def requirements_of(doc_id: str, text: str = LINE) -> list[Requirement]:
    """Retention met, complaints in part, deletion cut off, all else missing."""
    quote = Evidence(sentence=0, start=0, end=len(text), quote=text)
    said: dict[str, Any] = {
        "c": {"status": "met", "evidence": (quote,)},
        "h": {"status": "partly", "evidence": (quote,)},
        "g": {"status": "cut_off"},
    }
    points = [(regime.id, element.id) for regime in in_force(DAY) for element in regime.elements]
    given = [(r, e, said.get(e, {}) if r == "decree-248-2026" else {}) for r, e in points]
    return [Requirement(doc_id=doc_id, regime=r, element=e, **{"status": "missing", **g}) for r, e, g in given]


def batch_of(*analyses: Analysis) -> Batch:
    ids = [a.policy.doc_id for a in analyses]
    found = [f for a in analyses for f in findings_of(a.policy.doc_id, a.policy.text)]
    points = [r for a in analyses for r in requirements_of(a.policy.doc_id, a.policy.text)]
    failure = Failure(source="x.txt", stage="ingest", error="EmptyFile", message="x.txt: empty", first_seen="")
    batch = Batch(analyses=list(analyses), findings=found, requirements=points, failures=[failure], as_of=DAY)
    batch.compared = ids
    return add_standings(batch)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("xlsx") / "comparison.xlsx"
    meta = {"url": "https://laxanh.example/a", "sector": "bán lẻ"}
    xlsx.xlsx(batch_of(analysis_of("la-xanh", meta=meta, retrieved_at="2026-01-05"), analysis_of("hoa-sen")), path)
    return openpyxl.load_workbook(path)


def row_of(sheet: openpyxl.worksheet.worksheet.Worksheet, number: int) -> dict[str, openpyxl.cell.Cell]:
    """Cells of a row by the ids of the second row."""
    return {name.value: cell for name, cell in zip(sheet[2], sheet[number], strict=True)}


def test_sheets_have_headings_ids_filters_and_a_frozen_header(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for name in (n for n in SHEETS[1:-1] if n != "Mức đầy đủ"):
        sheet = book[name]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet["A1"].value == "Nhà cung cấp"
        assert sheet["A2"].value == "vendor"
        assert sheet["A3"].alignment.wrap_text


def test_the_comparison_has_a_row_a_vendor_beside_the_users_columns(book: openpyxl.Workbook) -> None:
    sheet = book["So sánh"]
    assert sheet.max_row == 4
    assert [c.value for c in sheet[2]] == [
        *("vendor", "url", "retrieved_at", "sector", "doc_id"),
        *(a.id for a in attributes()),
    ]
    row = row_of(sheet, 3)
    assert (row["vendor"].value, row["sector"].value, row["retrieved_at"].value) == ("la-xanh", "bán lẻ", "2026-01-05")
    assert row["url"].hyperlink.target == "https://laxanh.example/a"
    assert row_of(sheet, 4)["url"].hyperlink is None


def test_a_cell_shows_its_status_its_quotes_and_leads_to_its_evidence(book: openpyxl.Workbook) -> None:
    for number, doc in ((3, "la-xanh"), (4, "hoa-sen")):
        cell = row_of(book["So sánh"], number)["retention"]
        assert cell.value == "24 tháng"
        assert cell.comment.text == f"câu 0: “{LINE}”\n\ncâu 0: “{LINE}”"
        sheet, place = cell.hyperlink.location.split("!")
        assert sheet == "'Bằng chứng'"
        found = {k: c.value for k, c in row_of(book["Bằng chứng"], int(place[1:])).items()}
        assert (found["doc_id"], found["attribute"], found["status"]) == (doc, "retention", "có nêu")
        assert (found["answer"], found["sentence"], found["quote"]) == ("24 tháng", 0, LINE)
    row = row_of(book["So sánh"], 3)
    assert row["third_party_sharing"].value == "⚠ mâu thuẫn: không chia sẻ"
    assert (row["children"].value, row["cookies"].value) == ("✂ văn bản bị cắt", "—")
    assert row["cookies"].hyperlink is None
    colours = {row[a].fill.fgColor.rgb for a in ("retention", "third_party_sharing", "children", "cookies")}
    assert len(colours) == 4


def test_every_finding_has_a_row_of_evidence(book: openpyxl.Workbook) -> None:
    points = len(requirements_of("a"))
    assert book["Bằng chứng"].max_row == 2 + 2 * (len(attributes()) + 1 + points)


def test_entities_and_sentences_are_in_words(book: openpyxl.Workbook) -> None:
    entity = {k: c.value for k, c in row_of(book["Thực thể"], 3).items()}
    assert (entity["kind_vi"], entity["value_vi"], entity["value"]) == ("Thời hạn lưu trữ", "24 tháng", "P24M")
    sentence = {k: c.value for k, c in row_of(book["Câu"], 3).items()}
    assert (sentence["label_vi"], sentence["score"], sentence["unsure"]) == ("Lưu trữ", 0.4, "chưa chắc")


def test_the_summary_counts_and_names(book: openpyxl.Workbook) -> None:
    said = {row[0]: row[1:3] for row in book["Tóm tắt"].iter_rows(values_only=True)}
    assert said["Nhà cung cấp được so sánh"] == (2, "la-xanh; hoa-sen")
    assert said["Tài liệu không dùng được"] == (1, "EmptyFile: 1")
    assert said["Câu mâu thuẫn nhau"][0] == 2
    assert said["Văn bản bị cắt"][0] == 2
    assert said["Không nêu thời gian lưu trữ"][0] == 0
    assert said["Không nêu cách xóa dữ liệu"] == (2, "la-xanh; hoa-sen")
    assert said["Thiếu điểm luật định (sơ bộ)"] == (2, "la-xanh (11); hoa-sen (11)")
    assert said["Nhóm cùng khuôn mẫu"] == (1, "T1 (2)")
    assert said["Quá nửa số câu giống chính sách khác"] == (2, "la-xanh (100%); hoa-sen (100%)")
    assert any("22/11/2026" in str(row) for row in said)
    assert said["Không rõ ngày lấy văn bản"] == (1, "hoa-sen")
    assert any("tư vấn pháp lý" in str(row) for row in said)


def test_the_read_me_explains_sheets_statuses_and_columns(book: openpyxl.Workbook) -> None:
    said = [tuple(row) for row in book["Đọc tôi"].iter_rows(values_only=True)]
    assert {row[0] for row in said} >= set(SHEETS[:-1])
    assert ("So sánh", "Thời gian lưu trữ", "retention", "Retention") in said
    assert all(any(row[:3] == (n, c.vi, c.id) for row in said) for n, cs in tables.COLUMNS.items() for c in cs)
    shown = [("So sánh", "finding"), ("Mức đầy đủ", "requirement")]
    assert all((n, w["vi"], i, w["about_vi"]) in said for n, g in shown for i, w in terms()[g].items())
    law = {row[2]: row[3] for row in said}["decree-248-2026/g"]
    assert law.startswith("248/2026/NĐ-CP, 5(1)(g) [HIGH*]\n356/2025/NĐ-CP, 5(2), 5(4) [HIGH]\ntừ 01/07/2026\n")
    assert "Met by the right to have data deleted" in law


def test_completeness_has_a_row_a_vendor_and_over_each_point_its_law(book: openpyxl.Workbook) -> None:
    sheet = book["Mức đầy đủ"]
    assert sheet.freeze_panes == "B6"
    assert sheet.auto_filter.ref.startswith("A5:")
    assert "sơ bộ" in sheet["A1"].value
    assert "22/11/2026" in sheet["A1"].value
    ids = [c.value for c in sheet[5]]
    assert ids[:6] == ["vendor", "url", "retrieved_at", "sector", "doc_id", "gaps"]
    place = {name: at for at, name in enumerate(ids)}
    c, g, h = (place[f"decree-248-2026/{e}"] for e in "cgh")
    assert sheet[3][c].value == "248/2026/NĐ-CP, 5(1)(c) [HIGH*]\ntừ 01/07/2026"
    assert "nêu thời hạn hoặc sự kiện" in sheet[4][c].comment.text
    row = sheet[6]
    assert [row[at].value for at in (c, g, h)] == ["● có", "✂ bị cắt", "◐ một phần"]
    assert row[c].comment.text == f"câu 0: “{LINE}”"
    target = book["Bằng chứng"][int(row[c].hyperlink.location.split("!A")[1])]
    assert [x.value for x in target[2:4]] == ["Thời gian lưu trữ thông tin", "decree-248-2026/c"]
    assert len({row[at].fill.fgColor.rgb for at in (c, g, h, place["decree-248-2026/a"])}) == 4
    assert row[place["gaps"]].value == 11, "what is cut off, and what is on no list of the law, is no gap"
    assert row[place["further-points/children_data"]].value == "không nêu"
    assert row[place["decree-248-2026/a"]].value == "○ không thấy"


def test_what_stands_out_and_how_long_data_are_kept(book: openpyxl.Workbook) -> None:
    found = [row_of(book["Nổi bật"], n) for n in range(3, book["Nổi bật"].max_row + 1)]
    said = {(r["doc_id"].value, r["kind"].value): (r["said"].value, r["quote"].value) for r in found}
    assert said["hoa-sen", "boilerplate"] == (
        "100% số câu gần như nguyên văn trong chính sách khác (1 trên 1 câu), cùng với la-xanh",
        f"“{LINE}”",
    )
    term = {k: c.value for k, c in row_of(book["Thời hạn lưu"], 3).items()}
    assert (term["value_vi"], term["days"], term["value"], term["quote"]) == ("24 tháng", 730.5, "P24M", LINE)


@pytest.mark.parametrize("text", [*HOSTILE, "a\x00b\x0bc\ufffe", "x" * 40_000, "😀" * 20_000, " hai\nđầu "])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    batch = batch_of(analysis_of("a", text, vendor=text, meta={"url": text, text[:90]: text}))
    xlsx.xlsx(batch, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {c.data_type for name in SHEETS for row in book[name].iter_rows() for c in row} <= {"s", "n", "inlineStr"}
    shown = book["Câu"]["E3"].value
    assert shown == book["So sánh"]["A3"].value
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert shown.endswith("… [cắt]") if len(text) > 16_000 else shown == text or "\ufffd" in shown
    assert len(row_of(book["So sánh"], 3)["retention"].comment.text) <= 1_500


def test_the_same_batch_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        xlsx.xlsx(batch_of(analysis_of("a")), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_batch_of_nothing(tmp_path: Path) -> None:
    xlsx.xlsx(Batch(), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == SHEETS


def test_rows_and_links_beyond_excel_are_left_out_with_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "ROWS", 20)
    monkeypatch.setattr(sheet, "LINKS", 1)
    xlsx.xlsx(batch_of(analysis_of("a")), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["Bằng chứng"].max_row == 20
    left_out = len(attributes()) + 1 + len(requirements_of("a")) - 17
    assert book["Bằng chứng"]["A20"].value == f"… còn {left_out} dòng: Excel không chứa hết, xem các tệp CSV"
    row = row_of(book["So sánh"], 3)
    assert row["retention"].hyperlink
    assert not row["third_party_sharing"].hyperlink
    assert row["third_party_sharing"].value


def test_what_a_person_has_changed_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, beside = tmp_path / "comparison.xlsx", tmp_path / "comparison-2.xlsx"

    def written(doc_id: str) -> str:
        return xlsx.write(batch_of(analysis_of(doc_id)), tmp_path).name

    assert [written("a"), written("b")] == [wanted.name, wanted.name]
    assert not capsys.readouterr().err
    wanted.write_bytes(b"edited")
    assert [written("c"), written("d")] == [beside.name, beside.name]
    assert wanted.read_bytes() == b"edited"
    assert "comparison-2.xlsx" in capsys.readouterr().err
    beside.write_bytes(b"edited too")
    assert written("e") == "comparison-3.xlsx"
    wanted.unlink()
    assert written("f") == wanted.name
    assert beside.read_bytes() == b"edited too"
    assert not list(tmp_path.glob("*.partial"))


def test_a_workbook_of_unknown_origin_is_kept(tmp_path: Path) -> None:
    (tmp_path / "comparison.xlsx").write_bytes(b"mine")
    assert xlsx.write(batch_of(analysis_of("a")), tmp_path).name == "comparison-2.xlsx"
    assert (tmp_path / "comparison.xlsx").read_bytes() == b"mine"
