"""Raw file -> Policy: its text by the reader of its format, and what is no Vietnamese policy.

`read` turns a document of `pipeline.sources` into a `Policy` or raises a `DocumentError`. Text is NFC with newline line
ends before any offset exists; a UTF-8, NFC text file with newline line ends is kept character for character.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping

from pipeline.errors import EmptyFile, FileTooLarge, NotVietnamese, PageWithoutText, UnsupportedFormat
from pipeline.formats import docx, html, markdown, pdf
from pipeline.formats.encodings import ENCODINGS, decode
from pipeline.formats.languages import bare, is_translation, vietnamese_part
from pipeline.formats.several import several_policies
from pipeline.nlp import is_vietnamese
from pipeline.records import Policy
from pipeline.sources import LARGEST, Document, fetch, too_large

__all__ = ["ENCODINGS", "READERS", "decode", "from_text", "policy_in", "read"]

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


def read(document: Document) -> Policy:
    """The policy in a file. Raises a `DocumentError` that says why there is none."""
    return policy_in(document, fetch(document))


def from_text(text: str, name: str = "text") -> Policy:
    """A policy whose text is at hand already; `name` is its vendor and document. Raises a `DocumentError` as `read`."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST:
        raise too_large(name)
    return policy_in(Document(doc_id=name, vendor=name, name=name, path=None), raw)


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
    share = is_vietnamese(own)
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


def _normal(text: str) -> str:
    """NFC, newline line ends. Only what is not so already changes."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
