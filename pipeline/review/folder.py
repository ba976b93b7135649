"""Reviewed units into a gold folder: what is there stays as it is, what is new stands beside it.

Files are those of `pipeline.gold`; `labels/DOC.tsv` has the reviewer and the comment in two further columns, and
`documents.csv` says `partly` in the column `annotated` where only some sentences of a policy are labelled.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import GoldError, OutputError, ReviewError
from pipeline.gold import PARTLY, read_gold, rows, text_of
from pipeline.replacing import replaced
from pipeline.review import Outcome, Reviewed, Source

COLUMNS = ("doc_id", "vendor", "origin", "annotated")


def add(folder: Path, sources: Mapping[str, Source], reviewed: Sequence[Reviewed]) -> Outcome:
    """Adds units to the gold in `folder`, which is made where it is missing. Nothing that stands there is changed.

    A unit that overlaps one with other labels or another end is refused, so is one whose document has another text
    there. Raises `GoldError` where the folder holds no sound gold, before anything is written.
    """
    if any((folder / "labels").glob("*.tsv")):
        read_gold(folder)
    by_document: dict[str, list[Reviewed]] = defaultdict(list)
    for unit in reviewed:
        by_document[unit.document].append(unit)
    new, known, refused = 0, 0, list[str]()
    try:
        for name, units in sorted(by_document.items()):
            found = _add(folder, name, sources[name], units)
            new, known, refused = new + found.new, known + found.known, refused + found.refused
    except OSError as error:
        raise OutputError(
            str(folder), f"cannot be written ({error.strerror or error})", "Name another folder"
        ) from error
    return Outcome(new, known, refused)


def _add(folder: Path, name: str, source: Source, units: Sequence[Reviewed]) -> Outcome:
    text, labels = folder / "text" / f"{name}.txt", folder / "labels" / f"{name}.tsv"
    kept = text_of(folder, name) if labels.is_file() else text
    if kept.is_file() and kept.read_bytes() != source.text.encode():
        reason = str(ReviewError(name, f"{kept} holds another text", "Import into another folder"))
        return Outcome(0, 0, [f"{unit.where}: {reason}" for unit in units])
    lines = [cells for _, cells in rows(labels, 5)] if labels.is_file() else []
    before, known, refused = len(lines), 0, list[str]()
    for unit in units:
        cells = [str(unit.start), str(unit.end), unit.kind, ",".join(unit.labels)]
        over = [line for line in lines if int(line[1]) < unit.end and unit.start < int(line[2])]
        if not over:
            lines.append(["", *cells, _cell(unit.reviewer), _cell(unit.comment)])
        elif over[0][1:5] == cells:
            known += 1
        else:
            there = f"labelled {over[0][4]}" + (f" by {over[0][5]}" if len(over[0]) > 5 else "")
            refused.append(str(ReviewError(unit.where, f"already {there} in {labels.name}", "Settle it there by hand")))
    if len(lines) > before:
        lines.sort(key=lambda line: int(line[1]))
        numbered = ["\t".join([str(number), *line[1:]]) + "\n" for number, line in enumerate(lines)]
        if not kept.is_file():
            _write(text, source.text)
            _write(folder / "documents.csv", _documents(folder / "documents.csv", name, source))
        _write(labels, "".join(numbered))
    return Outcome(len(lines) - before, known, refused)


def _documents(path: Path, name: str, source: Source) -> str:
    """The list of documents with one more row; its other columns and rows stay."""
    there = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    reader = csv.DictReader(io.StringIO(there, newline=""))
    columns = [*(reader.fieldnames or []), *(c for c in COLUMNS if c not in (reader.fieldnames or []))]
    listed = [row for row in reader if row["doc_id"] != name]
    if any(None in row for row in listed):
        raise GoldError(str(path), "a row has more cells than there are columns", "Mend it")
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    row = {
        "doc_id": name,
        "vendor": source.vendor,
        "origin": source.origin,
        "annotated": PARTLY if source.partly else "",
    }
    writer.writerows([*listed, row])
    return out.getvalue()


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as unfinished:
        unfinished.write_text(content, encoding="utf-8", newline="")


def _cell(text: str) -> str:
    """Text for a cell between tabs."""
    return " ".join(text.split())
