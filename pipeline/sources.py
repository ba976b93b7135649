"""The files that a run reads: which they are, what `sources.csv` says of them, and their bytes.

`discover` lists them, each with its document's name and vendor; `fetch` reads one of them whole, or refuses it.
"""

import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ChangedWhileRead, FileTooLarge, LinkOutside, SourceError, UnreadableFile
from pipeline.lists import read_list

SOURCES = "sources.csv"
STDIN = "-"

LARGEST = 10_000_000
"""Bytes. The longest real policy seen has 0.2 MB; pages saved with inlined pictures reach a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that a run will read. `path` is `None` for standard input; `name` is its path under the source.

    `root` is the folder, without links, that it must not lead out of, `None` where the user named the file itself.
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
        raise SourceError(source, "the folder holds no files", "Put policies there: text, Markdown, HTML, PDF, DOCX")
    return _documents(root, found, within=root.resolve())


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
    rows = read_list(path, SourceError)
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


def fetch(document: Document) -> bytes:
    """The content of a file, at most `LARGEST` bytes of it ever in memory. Raises a `DocumentError`."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if document.path is None else _file(document, document.path)
    except OSError as error:
        raise UnreadableFile(
            document.name, f"cannot be read ({error.strerror or error})", "Check that it exists and its permissions"
        ) from error
    if len(raw) > LARGEST:
        raise too_large(document.name)
    return raw


def _file(document: Document, path: Path) -> bytes:
    if path.is_symlink() and not path.exists():
        raise UnreadableFile(document.name, "a link to a file that does not exist", "Put the file in its place")
    if document.root is not None and not path.resolve().is_relative_to(document.root):
        raise LinkOutside(document.name, "a link that leads out of the folder", "Put a copy of the file in its place")
    with path.open("rb") as handle:
        before = os.fstat(handle.fileno())
        raw = handle.read(LARGEST + 1)
        after = os.fstat(handle.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ChangedWhileRead(document.name, "somebody wrote to it while it was read", "Run again when it is complete")
    return raw


def too_large(name: str) -> FileTooLarge:
    """The refusal of a file or text with more than `LARGEST` bytes."""
    return FileTooLarge(name, f"more than {LARGEST // 1_000_000} MB", "Keep the policy's text alone")
