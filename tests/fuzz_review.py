"""Fuzz targets for what comes back from reviewers: workbooks, the rows and facts in them, JSON of Label Studio.

What is taken must make sound gold, in the folder that was named and nowhere else.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

CELL, ROW, PART = "\x1f", "\x1e", "\x1d"
"""Separate the cells of a row, rows, and the facts of a form from what was filled in."""

LABELLED = ("id", "text", "label_1", "label_2", "reviewer", "comment")
SHOWN = ("vendor", "doc_id", "what", "topic", "subject", "answer", "values", "text", "url")
JUDGED = ("id", *SHOWN, "verdict", "corrected")
"""Columns of the rows, in the order of an input's cells."""

CELLS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>id</t></is></c>'
    '<c r="B2"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>'
    "</worksheet>"
)


def workbook(raw: bytes) -> None:
    """The input as the rows, and then as the facts, of a workbook that is sound otherwise."""
    from pipeline.errors import PipelineError
    from pipeline.render import form

    with TemporaryDirectory() as name:
        for spoilt in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml"):
            with ZipFile(Path(name) / "made.xlsx", "w") as target:
                for part, content in _sound().items():
                    target.writestr(part, raw if part == spoilt else content)
            with suppress(PipelineError):
                form.read(Path(name) / "made.xlsx")


@cache
def _sound() -> Mapping[str, bytes]:
    """The files in a workbook that asks nothing."""
    from pipeline.render import form
    from pipeline.review import sheet

    with TemporaryDirectory() as name:
        form.write(sheet.form([], {}), Path(name) / "blank.xlsx")
        with ZipFile(Path(name) / "blank.xlsx") as source:
            return {part: source.read(part) for part in source.namelist()}


def labelled(raw: bytes) -> None:
    """The input as a form of sentences that was filled in."""
    from pipeline.review import sheet

    sources, taken, _ = sheet.filled(_filled(raw, sheet.KIND, LABELLED), "Lan")
    _kept(sources, taken)


def judged(raw: bytes) -> None:
    """The input as a form of answers that was filled in."""
    from pipeline.review import verdict_sheet

    verdict_sheet.filled(_filled(raw, verdict_sheet.KIND, JUDGED), "store", {("a", "0f3a")}, "Lan")


def label_studio(raw: bytes) -> None:
    """The input as a file that Label Studio is said to have exported."""
    from pipeline.cli.review import read_json
    from pipeline.review import labelstudio

    with TemporaryDirectory() as name:
        path = Path(name) / "export.json"
        path.write_bytes(raw)
        sources, taken, _ = labelstudio.read(read_json(path), "Lan")
    _kept(sources, taken)


def _filled(raw: bytes, kind: str, columns: Sequence[str]) -> Any:
    """What the reader of workbooks hands on."""
    from pipeline.render.form import Filled

    facts, _, filled_in = raw.decode("utf-8", "replace").partition(PART)
    cells = [dict(zip(columns, row.split(CELL), strict=False)) for row in filled_in.split(ROW)]
    rows = [(f"row {number}", row) for number, row in enumerate(cells, 3)]
    return Filled(kind, rows, [fact.split(CELL) for fact in facts.split(ROW)])


def _kept(sources: Any, taken: Any) -> None:
    from pipeline.gold import read_gold
    from pipeline.review import folder

    with TemporaryDirectory() as name:
        done = folder.add(Path(name) / "gold", sources, taken)
        units = sum(len(document.units) for document in read_gold(Path(name) / "gold")) if done.new else 0
        assert units == done.new
        assert {path.name for path in Path(name).iterdir()} <= {"gold"}


def seed(name: str, raw: bytes) -> bytes:
    """A sound input of a target, with some of the text of a file in it."""
    from pipeline.gold import GoldDocument, Unit
    from pipeline.review import answers, asked, labelstudio, unit_id

    text = unicodedata.normalize("NFC", " ".join(raw[:300].decode("utf-8", "ignore").split())) or "Lưu trữ"
    if name == "workbook":
        return CELLS.format(text.replace("&", "").replace("<", "")).encode()
    if name == "labelstudio":
        unit = Unit(start=0, end=len(text), kind="s", labels=("retention", "security"))
        gold = GoldDocument(doc_id="a", vendor="A", origin="real", text=text, units=(unit,), entities=())
        return json.dumps(labelstudio.from_gold([gold]), ensure_ascii=False).encode()
    if name == "labelled":
        id_ = unit_id("a", 0, len(text), text)
        facts = (("source", "a", "A", text), ("unit", id_, "a", "0", str(len(text)), "s"))
        row: Sequence[str] = (id_, text, "retention", "security", "Lan", "")
    else:
        said = json.dumps({"status": "stated", "answer": [text], "sentences": [[text, ""]], "text": ""})
        shown: Mapping[str, str] = dict.fromkeys(SHOWN, "a") | {"text": text}
        id_ = asked.row_id(shown, ("0f3a", answers.KIND, said))
        facts = (("store", "store"), ("row", id_, "A", "a", "0f3a", answers.KIND, "retention", said))
        row = (id_, *(shown[column] for column in SHOWN), "wrong", "P24M")
    return (ROW.join(map(CELL.join, facts)) + PART + CELL.join(row)).encode()


TARGETS = {"workbook": workbook, "labelled": labelled, "judged": judged, "labelstudio": label_studio}
