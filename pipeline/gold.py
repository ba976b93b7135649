"""Gold annotations: reading, and laying their labels on the sentences that `segment` finds.

A folder holds `text/DOC.txt`, `labels/DOC.tsv` (unit, start, end, kind, labels with the main one first),
`entities/DOC.tsv` (type, value, unit, required or optional, surface) and `documents.csv` (doc_id, vendor, origin, ...).
The text of a policy as it was scraped may stay where it is: in `raw/DOC.txt` beside the folder.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import GoldError
from pipeline.labels import label_ids
from pipeline.lists import read_list
from pipeline.records import Policy, Sentence

KINDS = {"h": "heading", "s": "sentence", "x": "furniture"}
MOST_LABELS = 3
PARTLY = "partly"
"""In the column `annotated` of documents.csv: some sentences of the policy are labelled, of others nothing is known."""

ENTITY_KINDS = frozenset(
    {
        "phone",
        "email",
        "url",
        "retention",
        "response_time",
        "organization",
        "address",
        "tax_code",
        "effective_date",
        "legal_ref",
    }
)
"""Kinds that are annotated; all others have their values from a closed vocabulary, which the tests of that cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A labelled stretch of text. `kind` is `h`, `s` or `x`; `labels` has the main one first."""

    start: int
    end: int
    kind: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEntity:
    """An annotated value; `optional` where it stands in page furniture."""

    kind: str
    value: str
    unit: int
    optional: bool
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """An annotated policy. `origin` is `real` or `authored`; `partly`: only some of its units are labelled."""

    doc_id: str
    vendor: str
    origin: str
    text: str
    units: tuple[Unit, ...]
    entities: tuple[GoldEntity, ...]
    partly: bool = False

    def policy(self) -> Policy:
        """The document as the stages want it."""
        return Policy(
            doc_id=self.doc_id,
            version="",
            vendor=self.vendor,
            source=f"{self.doc_id}.txt",
            sha256="",
            retrieved_at=None,
            language="vi",
            text=self.text,
        )


def read_gold(folder: Path) -> list[GoldDocument]:
    """All documents of a gold folder in order of name. Raises `GoldError` with file and line where one is malformed."""
    names = sorted(p.stem for p in (folder / "labels").glob("*.tsv"))
    if not names:
        raise GoldError(str(folder), "no labels/*.tsv there", "Name a folder with text, labels, entities")
    said = _documents(folder / "documents.csv")
    return [_document(folder, name, *said.get(name, (name, "real", False))) for name in names]


def read_all(folders: Sequence[Path]) -> list[GoldDocument]:
    """The documents of several gold folders together. Raises `GoldError` where two have a document of one name."""
    gold: dict[str, GoldDocument] = {}
    for folder in folders:
        for document in read_gold(folder):
            if document.doc_id in gold:
                raise GoldError(
                    f"{folder}: {document.doc_id}", "another gold folder has it too", "Name each document once"
                )
            gold[document.doc_id] = document
    return list(gold.values())


def digest(gold: Sequence[GoldDocument]) -> str:
    """SHA-256 of what a model learns from gold documents; their order makes no difference."""
    found = hashlib.sha256()
    for document in sorted(gold, key=lambda d: d.doc_id):
        found.update(repr((document.doc_id, document.vendor, document.text, document.units)).encode())
    return found.hexdigest()


def _documents(path: Path) -> dict[str, tuple[str, str, bool]]:
    """Vendor, origin and whether partly annotated, by doc_id; empty where there is no such file.

    A document that is not in it is a vendor of its own.
    """
    listed = read_list(path, GoldError)
    for number, row in listed:
        if not row.get("doc_id") or not row.get("vendor") or row.get("origin") not in ("real", "authored"):
            raise GoldError(f"{path}:{number}", "doc_id, vendor or origin (real, authored) is missing", "Fill it in")
    return {row["doc_id"]: (row["vendor"], row["origin"], row.get("annotated") == PARTLY) for _, row in listed}


def _document(folder: Path, name: str, vendor: str, origin: str, partly: bool) -> GoldDocument:
    path = text_of(folder, name)
    text = _text(path)
    if not unicodedata.is_normalized("NFC", text) or "\r" in text:
        raise GoldError(str(path), "not NFC with newline line ends", "Normalise it; offsets count on it")
    units = tuple(_units(folder / "labels" / f"{name}.tsv", text))
    return GoldDocument(
        doc_id=name,
        vendor=vendor,
        origin=origin,
        text=text,
        units=units,
        entities=tuple(_entities(folder / "entities" / f"{name}.tsv", len(units))),
        partly=partly,
    )


def text_of(folder: Path, name: str) -> Path:
    """Where the text of a document is: in the gold folder, or unchanged in the folder `raw` beside it."""
    own, scraped = folder / "text" / f"{name}.txt", folder.parent / "raw" / f"{name}.txt"
    return own if own.is_file() or not scraped.is_file() else scraped


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(str(path), f"cannot be read as UTF-8 ({error})", "Put a UTF-8 file there") from error


def rows(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line of an annotation file, at least `columns` of them."""
    for number, line in enumerate(_text(path).replace("\r\n", "\n").removesuffix("\n").split("\n"), 1):
        cells = line.split("\t")
        if len(cells) < columns:
            raise GoldError(f"{path}:{number}", f"{len(cells)} columns, {columns} are wanted", "Separate them by tabs")
        yield number, cells


def _units(path: Path, text: str) -> Iterator[Unit]:
    position = 0
    for number, (unit, start, end, kind, labels, *_rest) in rows(path, 5):
        where, names = f"{path}:{number}", tuple(labels.split(","))
        unknown = [name for name in names if name not in label_ids()]
        if unknown:
            raise GoldError(where, f"unknown label {unknown[0]!r}", f"Use one of {', '.join(label_ids())}")
        if unit != str(number - 1):
            raise GoldError(where, f"unit {unit!r} where {number - 1} is next", "Number the units from 0")
        if kind not in KINDS or len(names) > MOST_LABELS or len(set(names)) < len(names):
            raise GoldError(
                where, f"kind {kind!r} or labels {labels!r}", "Kind is h, s or x; one to three different labels"
            )
        if not (start.isdecimal() and end.isdecimal() and position <= int(start) < int(end) <= len(text)):
            raise GoldError(
                where, f"{start}..{end} is no span after {position} in a text of {len(text)}", "Give offsets in order"
            )
        position = int(end)
        yield Unit(start=int(start), end=int(end), kind=kind, labels=names)


def _entities(path: Path, units: int) -> Iterator[GoldEntity]:
    if not path.is_file() or not path.stat().st_size:
        return
    for number, (kind, value, unit, need, surface) in rows(path, 5):
        if kind not in ENTITY_KINDS:
            raise GoldError(
                f"{path}:{number}", f"unknown kind {kind!r}", f"Use one of {', '.join(sorted(ENTITY_KINDS))}"
            )
        if need not in ("required", "optional") or not unit.isdecimal() or int(unit) >= units:
            raise GoldError(
                f"{path}:{number}",
                f"unit {unit!r} of {units} units, {need!r}",
                "Write the number of a unit, required or optional, surface",
            )
        yield GoldEntity(
            kind=kind, value=value, unit=int(unit), optional=need == "optional", surface=surface.replace("\\n", "\n")
        )


def aligned(sentences: Sequence[Sentence], units: Sequence[Unit]) -> list[Unit | None]:
    """For each sentence the unit that shares most with it and at least half of the shorter of the two, else `None`."""
    result: list[Unit | None] = []
    first = 0
    for sentence in sentences:
        while first < len(units) and units[first].end <= sentence.start:
            first += 1
        best, most = None, 0
        for unit in units[first:]:
            if unit.start >= sentence.end:
                break
            shared = min(unit.end, sentence.end) - max(unit.start, sentence.start)
            if shared > most and 2 * shared >= min(unit.end - unit.start, sentence.end - sentence.start):
                best, most = unit, shared
        result.append(best)
    return result
