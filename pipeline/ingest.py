"""Raw file -> Policy: find the files, decode them, and say what is no Vietnamese policy.

`discover` lists what a run will read, with what `sources.csv` says of it; `read` turns one of these into a `Policy` or
raises a `DocumentError`. Text is NFC with newline line ends before any offset exists; a UTF-8, NFC text file with
newline line ends is kept character for character.
"""

import csv
import hashlib
import io
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import (
    ChangedWhileRead,
    EmptyFile,
    FileTooLarge,
    LinkOutside,
    NotVietnamese,
    PageWithoutText,
    SourceError,
    UnreadableFile,
    UnsupportedFormat,
)
from pipeline.formats import docx, html, markdown, pdf
from pipeline.formats.encodings import ENCODINGS, decode
from pipeline.formats.languages import bare, is_translation, vietnamese_part, vietnamese_share
from pipeline.formats.several import several_policies
from pipeline.records import Policy

__all__ = ["ENCODINGS", "LARGEST", "READERS", "Document", "decode", "discover", "fetch", "policy_in", "read"]

SOURCES = "sources.csv"
STDIN = "-"

LARGEST = 10_000_000
"""Bytes. The longest real policy seen has 0.2 MB; pages saved with inlined pictures reach a few."""

LINES = 50_000
"""Lines of text. The longest real policies have two thousand."""

LINE = 500_000
"""Characters of a line. Pages that lost all their line breaks have 0.2 million at most; longer ones are data."""

HALF, WHOLLY = 0.5, 0.9
"""Share of Vietnamese below which a text is refused, and below which it is flagged `mixed_language`: policies quote
English terms and names of services, which keeps the share of a Vietnamese one just under 1."""


def _markdown(raw: bytes, name: str) -> str:
    text = _normal(decode(raw, name))
    _refuse_what_is_no_text(text, name)
    return markdown.plain_text(text)


def _html(raw: bytes, name: str) -> str:
    return _page(raw, name)[0]


def _page(raw: bytes, name: str) -> tuple[str, str]:
    """The policy on a page, and all that the page says."""
    text, page = html.texts(decode(raw, name), name)
    if not text:
        raise PageWithoutText(
            name, "the page shows no text: scripts or frames load it", "Save the page as the browser shows it"
        )
    return text, page


READERS: Mapping[str, Callable[[bytes, str], str]] = {
    ".txt": decode,
    ".text": decode,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".pdf": pdf.plain_text,
    ".docx": docx.plain_text,
}
"""What turns the content of a file, and the name to blame, into the policy's text, by suffix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that a run will read. `path` is `None` for standard input; `name` is its path under the source.

    `root` is the folder that it must not lead out of, `None` where the user named the file itself.
    """

    doc_id: str
    vendor: str
    name: str
    path: Path | None
    root: Path | None = None
    retrieved_at: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """Of the file, in small letters: it chooses the reader. Standard input and texts at hand are `.txt`."""
        return self.path.suffix.lower() if self.path else ".txt"


def discover(source: str) -> list[Document]:
    """The documents of `source`, a folder, a file or `-` for standard input, in order of name.

    Raises `SourceError` where there is nothing to read or `sources.csv` is malformed.
    """
    if source == STDIN:
        return [Document(doc_id="stdin", vendor="stdin", name=STDIN, path=None)]
    root = Path(source)
    if root.is_file():
        return _documents(root.parent, [root])
    if not root.is_dir():
        raise SourceError(
            source, "no such file or folder", "Name a folder of policies, one file, or - for standard input"
        )
    found = sorted(p for p in root.rglob("*") if _is_document(p) and not _ignored(p.relative_to(root)))
    if not found:
        raise SourceError(source, "the folder holds no files", f"Put policies there ({', '.join(READERS)})")
    return _documents(root, found, within=root)


def _is_document(path: Path) -> bool:
    """Files, and links that lead nowhere: these are refused by name, not passed over."""
    return path.is_file() or (path.is_symlink() and not path.exists())


def _ignored(name: Path) -> bool:
    return name.name == SOURCES or any(part.startswith(".") for part in name.parts)


def _documents(root: Path, paths: list[Path], within: Path | None = None) -> list[Document]:
    said = _sources(root / SOURCES)
    # macOS decomposes file names; sources.csv and the tables have them composed
    names = [Path(unicodedata.normalize("NFC", _printable(str(p.relative_to(root))))) for p in paths]
    taken = Counter(name.with_suffix("") for name in names) + Counter(name for name in names if name.suffix)
    documents = []
    for path, name in zip(paths, names, strict=True):
        row = dict(said.get(name.as_posix(), {}))
        vendor = row.pop("vendor", "") or (name.parts[0] if len(name.parts) > 1 else name.stem)
        retrieved_at = row.pop("retrieved_at", "") or None
        doc_id = name.with_suffix("") if taken[name.with_suffix("")] == 1 else name
        documents.append(
            Document(
                doc_id=doc_id.as_posix(),
                vendor=vendor,
                name=name.as_posix(),
                path=path,
                root=within,
                retrieved_at=retrieved_at,
                meta=row,
            )
        )
    return documents


def _printable(name: str) -> str:
    """The name with bytes that are no UTF-8 written out: no table could hold them."""
    return name.encode("utf-8", "backslashreplace").decode()


def _sources(path: Path) -> dict[str, dict[str, str]]:
    """Rows of `sources.csv` by file name, without the column `file`; empty where there is no such file."""
    if not path.is_file():
        return {}
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(str(path), f"cannot be read as UTF-8 CSV ({error})", "Save it as CSV, UTF-8") from error
    for number, row in rows:
        if not row.get("file") or None in row:
            raise SourceError(
                f"{path}:{number}",
                "no column `file`, no file named, or more cells than columns",
                "Give each row a file and as many cells as the header has",
            )
    return {
        unicodedata.normalize("NFC", row["file"]): {k: v or "" for k, v in row.items() if k != "file"}
        for _, row in rows
    }


def read(document: Document) -> Policy:
    """The policy in a file. Raises a `DocumentError` that says why there is none."""
    return policy_in(document, fetch(document))


def from_text(text: str, name: str = "text") -> Policy:
    """A policy whose text is at hand already; `name` is its vendor and document. Raises a `DocumentError` as `read`."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST:
        raise _too_large(name)
    return policy_in(Document(doc_id=name, vendor=name, name=name, path=None), raw)


def _too_large(name: str) -> FileTooLarge:
    return FileTooLarge(name, f"more than {LARGEST // 1_000_000} MB", "Keep the policy's text alone")


def policy_in(document: Document, raw: bytes) -> Policy:
    """The policy in the content of a file. Raises a `DocumentError` that says why there is none."""
    if not raw.strip():
        raise EmptyFile(document.name, "the file is empty", "Collect the page again")
    suffix = document.suffix
    if suffix not in READERS:
        raise UnsupportedFormat(
            document.name,
            f"no reader for {suffix or 'files without suffix'}",
            f"Save it as {', '.join(READERS)}, or remove it",
        )
    reader = READERS[suffix]
    found = _page(raw, document.name) if reader is _html else (reader(raw, document.name),)
    text, page = _normal(found[0]), _normal(found[-1])
    _refuse_what_is_no_text(text, document.name)
    if not any(c.isprintable() and c != " " for c in text):  # zero-width characters are not printable
        raise EmptyFile(document.name, "nothing but white space", "Collect the page again")
    own, left_out = vietnamese_part(text)
    own_page, beside = vietnamese_part(page) if reader is _html else (own, left_out)
    share = vietnamese_share(own)
    if share < HALF:
        raise NotVietnamese(
            document.name, "the text is not Vietnamese", "Collect the Vietnamese version, or remove the file"
        )
    doubts = {
        "mixed_language": 1 - share if share < WHOLLY else 0.0,
        "two_languages": left_out or (beside if beside and is_translation(page, own_page) else 0.0),
        "several_policies": several_policies(own_page),
        "no_diacritics": stripped if (stripped := bare(own)) >= HALF else 0.0,
    }
    flags = {name: round(score, 3) for name, score in doubts.items() if score}
    sha256 = hashlib.sha256(raw).hexdigest()
    return Policy(
        doc_id=document.doc_id,
        version=sha256[:12],
        vendor=document.vendor,
        source=document.name,
        sha256=sha256,
        retrieved_at=document.retrieved_at,
        language="vi",
        flags=flags,
        meta=document.meta,
        text=text if reader is decode else own,  # a text file is kept as it is, character for character
    )


def _refuse_what_is_no_text(text: str, name: str) -> None:
    if text.count("\n") > LINES:
        raise FileTooLarge(name, f"more than {LINES:,} lines of text", "Keep the policy's text alone")
    if len(text) > LINE and max(map(len, text.split("\n"))) > LINE:
        raise FileTooLarge(name, f"a line of more than {LINE:,} characters", "Keep the policy's text alone")


def fetch(document: Document) -> bytes:
    """The content of a file, at most `LARGEST` bytes of it ever in memory. Raises a `DocumentError`."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if document.path is None else _file(document, document.path)
    except OSError as error:
        raise UnreadableFile(
            document.name, f"cannot be read ({error.strerror or error})", "Check that it exists and its permissions"
        ) from error
    if len(raw) > LARGEST:
        raise _too_large(document.name)
    return raw


def _file(document: Document, path: Path) -> bytes:
    if document.root is not None and not path.resolve().is_relative_to(document.root.resolve()):
        raise LinkOutside(document.name, "a link that leads out of the folder", "Put a copy of the file in its place")
    with path.open("rb") as handle:
        before = os.fstat(handle.fileno())
        raw = handle.read(LARGEST + 1)
        after = os.fstat(handle.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ChangedWhileRead(document.name, "somebody wrote to it while it was read", "Run again when it is complete")
    return raw


def _normal(text: str) -> str:
    """NFC, newline line ends. Only what is not so already changes."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
