"""comparison.xlsx as a reader of workbooks finds it: invented policies, hostile text, files that people changed."""

from pathlib import Path

import openpyxl
import pytest
from conftest import policy_of

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.records import Analysis, Clause, Entity, Evidence, Failure, Finding, Sentence
from pipeline.render import _replaced, xlsx

SHEETS = ["Tóm tắt", "So sánh", "Bằng chứng", "Thực thể", "Câu", "Đọc tôi"]
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


def batch_of(*analyses: Analysis) -> Batch:
    ids = [a.policy.doc_id for a in analyses]
    found = [f for a in analyses for f in findings_of(a.policy.doc_id, a.policy.text)]
    failure = Failure(source="x.txt", stage="ingest", error="EmptyFile", message="x.txt: empty", first_seen="")
    return Batch(analyses=list(analyses), findings=found, failures=[failure], compared=ids)


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
    for name in SHEETS[1:5]:
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
    assert book["Bằng chứng"].max_row == 2 + 2 * (len(attributes()) + 1)


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
    assert said["Không nêu: Thời gian lưu trữ"][0] == 0
    assert said["Không nêu: Xóa dữ liệu theo yêu cầu"] == (2, "la-xanh; hoa-sen")
    assert said["Không rõ ngày lấy văn bản"] == (1, "hoa-sen")
    assert any("tư vấn pháp lý" in str(row) for row in said)


def test_the_read_me_explains_sheets_statuses_and_columns(book: openpyxl.Workbook) -> None:
    said = [tuple(row) for row in book["Đọc tôi"].iter_rows(values_only=True)]
    assert {row[0] for row in said} >= {*SHEETS[:5], *(status.vi for status in xlsx.STATUSES.values())}
    assert ("So sánh", "Thời gian lưu trữ", "retention", "Retention") in said
    assert all(any(row[:3] == (n, c.vi, c.id) for row in said) for n, cs in xlsx.COLUMNS.items() for c in cs)


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
    monkeypatch.setattr(xlsx, "ROWS", 20)
    monkeypatch.setattr(xlsx, "LINKS", 1)
    xlsx.xlsx(batch_of(analysis_of("a")), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["Bằng chứng"].max_row == 20
    left_out = len(attributes()) + 1 - 17
    assert book["Bằng chứng"]["A20"].value == f"… còn {left_out} dòng: Excel không chứa hết, xem các tệp CSV"
    row = row_of(book["So sánh"], 3)
    assert row["retention"].hyperlink
    assert not row["third_party_sharing"].hyperlink
    assert row["third_party_sharing"].value


def test_what_a_person_has_changed_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, beside = tmp_path / "comparison.xlsx", tmp_path / "comparison-2.xlsx"

    def written(doc_id: str) -> str:
        return xlsx.write(batch_of(analysis_of(doc_id)), tmp_path, _replaced).name

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
    assert xlsx.write(batch_of(analysis_of("a")), tmp_path, _replaced).name == "comparison-2.xlsx"
    assert (tmp_path / "comparison.xlsx").read_bytes() == b"mine"
