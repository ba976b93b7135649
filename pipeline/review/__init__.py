"""What people correct, and what becomes of it: labels into a gold folder of the user's, verdicts into a run's store.

`labels` chooses sentences and reads what reviewers said of them; `folder` adds that to gold; `labelstudio` speaks the
JSON of Label Studio. `asked` chooses what of a comparison is to be judged, `keep` puts the verdicts into the store,
`answers` puts them in the place of the machine's, `agreement` and `report` add them up. Workbooks are written and read
by `render.form`, which knows nothing of either.
"""

import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from pipeline.errors import ReviewError


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A policy under review. `name` is its file name in gold: two versions of a policy are two documents.

    `partly` where only some of its sentences are labelled.
    """

    name: str
    vendor: str
    text: str
    origin: str = "real"
    partly: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A unit as a reviewer labelled it; `where` names the row or region it comes from, for messages."""

    document: str
    start: int
    end: int
    kind: str
    labels: tuple[str, ...]
    reviewer: str
    comment: str
    where: str


class Outcome(NamedTuple):
    """What became of reviewed units: how many are new, how many were there already, and why others are refused."""

    new: int
    known: int
    refused: list[str]


def sound(where: str, source: Source) -> Source:
    """The source, if gold can hold it. Raises `ReviewError` for a name that is none for a file, or a spoilt text."""
    if not source.name or source.name.startswith(".") or not set(source.name).isdisjoint('/\\\0"\n\r\t'):
        raise ReviewError(where, f"doc_id {source.name!r} is no name for a file", "Give each document a plain one")
    if not all(_is_utf8(part) for part in (source.name, source.vendor, source.text)):
        raise ReviewError(where, "half characters, which no file can hold", "Export it again, as UTF-8")
    if not unicodedata.is_normalized("NFC", source.text) or "\r" in source.text:
        raise ReviewError(where, "its text is not NFC with newline line ends", "Import a text as it was exported")
    return source


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def file_name(doc_id: str, version: str) -> str:
    """The name in gold of a version of a document.

    >>> file_name("la-xanh/2026", "0f3a6c8e9d1b")
    'la-xanh+2026+0f3a6c8e'
    """
    return f"{doc_id.replace('/', '+')}+{version[:8]}"


def unit_id(document: str, start: int, end: int, text: str) -> str:
    """What a unit is recognised by when it comes back: 12 hex digits over its place and its words."""
    return sha256(f"{document}\0{start}\0{end}\0{text}".encode()).hexdigest()[:12]
