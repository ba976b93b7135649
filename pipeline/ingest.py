"""Raw file -> Policy: find the files, decode them, and say what is no Vietnamese policy.

`discover` lists what a run will read, with what `sources.csv` says of it; `read` turns one of these into a `Policy` or
raises a `DocumentError`. Text is NFC with newline line ends before any offset exists; a UTF-8, NFC text file with
newline line ends is kept character for character.
"""

import csv
import hashlib
import io
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import (
    BinaryFile,
    EmptyFile,
    FileTooLarge,
    NotVietnamese,
    SourceError,
    UndecodableText,
    UnreadableFile,
    UnsupportedFormat,
)
from pipeline.formats.markdown import plain_text
from pipeline.nlp import is_vietnamese
from pipeline.records import Policy

SOURCES = "sources.csv"
STDIN = "-"

LARGEST = 10_000_000
"""Bytes. The longest real policy seen has 0.2 MB; pages saved with inlined pictures reach a few."""

HALF, WHOLLY = 0.5, 0.9
"""Share of Vietnamese below which a text is refused, and below which it is flagged `mixed_language`: policies quote
English terms and names of services, which keeps the share of a Vietnamese one just under 1."""

ENCODINGS = ["utf_8", "utf_16", "utf_16_le", "utf_16_be", "cp1258"]
"""Encodings that Vietnamese pages are served in and that a library can tell apart. windows-1252 has no Vietnamese."""

READERS: Mapping[str, Callable[[str], str]] = {".txt": str, ".text": str, ".md": plain_text, ".markdown": plain_text}
"""What turns the decoded content of a file into the policy's text, by suffix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that a run will read. `path` is `None` for standard input; `name` is its path under the source."""

    doc_id: str
    vendor: str
    name: str
    path: Path | None
    retrieved_at: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)


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
    found = sorted(p for p in root.rglob("*") if p.is_file() and not _ignored(p.relative_to(root)))
    if not found:
        raise SourceError(source, "the folder holds no files", f"Put policies there ({', '.join(READERS)})")
    return _documents(root, found)


def _ignored(name: Path) -> bool:
    return name.name == SOURCES or any(part.startswith(".") for part in name.parts)


def _documents(root: Path, paths: list[Path]) -> list[Document]:
    said = _sources(root / SOURCES)
    # macOS decomposes file names; sources.csv and the tables have them composed
    names = [Path(unicodedata.normalize("NFC", str(p.relative_to(root)))) for p in paths]
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
                retrieved_at=retrieved_at,
                meta=row,
            )
        )
    return documents


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
    raw = _bytes(document)
    suffix = document.path.suffix.lower() if document.path else ".txt"
    if suffix not in READERS:
        raise UnsupportedFormat(
            document.name,
            f"no reader for {suffix or 'files without suffix'}",
            f"Save it as {', '.join(READERS)}, or remove it",
        )
    text = _normal(READERS[suffix](_normal(decode(raw, document.name))))
    if not any(c.isprintable() and c != " " for c in text):  # zero-width characters are not printable
        raise EmptyFile(document.name, "nothing but white space", "Collect the page again")
    share = is_vietnamese(text)
    if share < HALF:
        raise NotVietnamese(
            document.name, "the text is not Vietnamese", "Collect the Vietnamese version, or remove the file"
        )
    flags = {} if share >= WHOLLY else {"mixed_language": round(1 - share, 3)}
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
        text=text,
    )


def _bytes(document: Document) -> bytes:
    """The content, at most `LARGEST` bytes of it ever in memory."""
    try:
        if document.path is None:
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with document.path.open("rb") as handle:
                raw = handle.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableFile(
            document.name, f"cannot be read ({error.strerror or error})", "Check that it exists and its permissions"
        ) from error
    if len(raw) > LARGEST:
        raise FileTooLarge(document.name, f"more than {LARGEST // 1_000_000} MB", "Keep the policy's text alone")
    if not raw.strip():
        raise EmptyFile(document.name, "the file is empty", "Collect the page again")
    return raw


def decode(raw: bytes, name: str) -> str:
    """The text of `raw`: by its byte order mark, as UTF-8, or as what charset-normalizer finds it to be."""
    import charset_normalizer

    if _is_binary(raw):
        raise BinaryFile(name, "the bytes are no text", "Save the policy as text")
    try:
        if 0 not in raw:  # plain letters in UTF-16 are UTF-8 too, with a NUL between each two
            return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    best = charset_normalizer.from_bytes(raw, cp_isolation=ENCODINGS).best()
    if best is None or best.encoding not in ENCODINGS:
        raise UndecodableText(name, f"the bytes are no text in {', '.join(ENCODINGS)}", "Save it as UTF-8")
    return str(best)


def _is_binary(raw: bytes) -> bool:
    """Control characters in number, or NUL bytes that are not the empty halves of UTF-16."""
    sample = raw[:65_536]
    controls = sum(sample.count(c) for c in range(32) if c not in b"\t\n\v\f\r\x1b")
    nul = sample.count(0)
    one_sided = max(sample[0::2].count(0), sample[1::2].count(0)) > 0.9 * nul
    utf16 = sample.startswith((b"\xff\xfe", b"\xfe\xff")) or (nul > 0.2 * len(sample) and one_sided)
    return not utf16 and (nul > 0 or controls > 0.01 * len(sample))


def _normal(text: str) -> str:
    """NFC, newline line ends. Only what is not so already changes."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
