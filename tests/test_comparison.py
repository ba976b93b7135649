"""All formats say the same: every answer, status and quote of the findings stands in each of them."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from test_xlsx import DAY, analysis_of, batch_of, requirements_of, row_of

from pipeline.attributes import attributes
from pipeline.regimes import elements
from pipeline.render import comparison, document, markdown, xlsx
from pipeline.render.points import said


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    batch = batch_of(
        analysis_of("la-xanh", meta={"url": "https://a.example", "sector": "bán lẻ"}, retrieved_at="2026-01-05"),
        analysis_of("hoa-sen", vendor="=Hoa | Sen"),
    )
    comparison.csv(batch, folder / "comparison.csv")
    markdown.markdown(batch, folder / "comparison.md")
    document.json(batch, folder / "comparison.json")
    xlsx.write(batch, folder)
    return folder


def test_cells_are_the_same_everywhere(out: Path) -> None:
    whole = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    with (out / "comparison.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    book = openpyxl.load_workbook(out / "comparison.xlsx")
    text = (out / "comparison.md").read_text(encoding="utf-8")
    assert [v["doc_id"] for v in whole["vendors"]] == [r["doc_id"] for r in rows] == ["la-xanh", "hoa-sen"]
    for number, (vendor, row) in enumerate(zip(whole["vendors"], rows, strict=True)):
        cells = row_of(book["So sánh"], 3 + number)
        for attribute in attributes():
            words = vendor["findings"][attribute.id]["words"]
            assert row[f"{attribute.vi} ({attribute.id})"] == words
            assert cells[attribute.id].value == words
            assert f"- **{attribute.vi}**: {words}" in text
    assert (rows[0]["url"], rows[0]["retrieved_at"], rows[0]["sector"]) == ("https://a.example", "2026-01-05", "bán lẻ")
    assert rows[1]["vendor"] == "'=Hoa | Sen"
    assert "## =Hoa \\| Sen" in text


def test_points_are_the_same_everywhere(out: Path) -> None:
    whole = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    sheet = openpyxl.load_workbook(out / "comparison.xlsx")["Mức đầy đủ"]
    text = (out / "comparison.md").read_text(encoding="utf-8")
    place = {cell.value: at for at, cell in enumerate(sheet[5])}
    for number, vendor in enumerate(whole["vendors"]):
        for requirement in requirements_of(vendor["doc_id"]):
            element = elements()[requirement.regime, requirement.element]
            point = vendor["requirements"][requirement.regime][requirement.element]
            assert point["status"] == requirement.status
            words = said(requirement.status, element)
            assert sheet[6 + number][place[f"{requirement.regime}/{requirement.element}"]].value == words
            assert f"- **{element.vi}**: {words}" in text
        assert sum(p["gap"] for r in vendor["requirements"].values() for p in r.values()) == 11
    for shown in (whole["caution"], text, sheet["A1"].value):
        assert "sơ bộ" in shown
        assert "22/11/2026" in shown
    assert whole["as_of"] == DAY.isoformat()


def test_the_schema_is_stable(out: Path) -> None:
    whole = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert list(whole) == ["schema", "as_of", "caution", "attributes", "regimes", "vendors"]
    assert list(whole["vendors"][0]) == [
        *("vendor", "doc_id", "version", "retrieved_at", "flags", "meta"),
        *("findings", "requirements", "standings", "terms"),
    ]
    element = whole["regimes"][0]["elements"][6]
    assert element["citations"][0] == {"law": "248/2026/NĐ-CP", "article": "5(1)(g)", "certainty": "HIGH*"}
    assert (element["since"], element["until"], element["counted"]) == ("2026-07-01", None, True)
    assert set(element["rule"]) == {"vi", "en"}
