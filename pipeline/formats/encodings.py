"""Bytes -> text: Unicode in all its forms, windows-1258, text encoded twice; older codes are refused by name.

>>> decode("Chính sách".encode("utf-16"), "a"), decode("Chính sách".encode("utf-8-sig"), "a")
('Chính sách', 'Chính sách')
>>> mended("báº£o vá»‡")
'bảo vệ'
"""

import codecs
import re

from pipeline.errors import BinaryFile, LegacyEncoding, UndecodableText
from pipeline.nlp import VIETNAMESE

ENCODINGS = ["utf_8", "utf_16", "utf_16_le", "utf_16_be", "cp1258"]
"""Encodings that Vietnamese pages are served in and that a library can tell apart. windows-1252 has no Vietnamese."""

BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

BROKEN = 0.002
"""Share of characters that cannot be read up to which a text is UTF-8 all the same: a page cut off within a letter, one
byte of another code pasted into it."""

LEGACY, ENOUGH = 0.1, 8
"""Share and number of words spelled as in the code of a font of the nineties: other texts have none or a few."""

FEW = 20
"""Words under which a text is too short to tell a font's code from chance."""

_TCVN3 = re.compile(r"[A-Za-z][¸µ¶·¹«©ª¬®¨\u00ad]|[¸µ¶·¹«©ª¬®¨\u00ad][A-Za-z]")
"""Signs within a word: TCVN3 has its letters where others have signs (`th«ng tin c¸ nh©n`)."""

_VNI = re.compile(r"[aeoAEO][âäáàåãÂÄÁÀÅÃ]|[aeouyAEOUY][ùøûõïÙØÛÕÏ]|[aA][êéèúüëÊÉÈÚÜË]")
"""A vowel and its mark as two letters: VNI (`thoâng tin caù nhaân`)."""

_WORD = re.compile(r"[A-Za-z]+")
"""Roughly a word, or a part of one: all codes keep the letters of ASCII."""

_MANGLED = re.compile(
    "[\u00c2-\u00c6\u00e1-\u00e3][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""A letter of UTF-8 that was read as two of windows-1252."""


def decode(raw: bytes, name: str) -> str:
    """The text of `raw`: by its byte order mark, as UTF-8, or as what charset-normalizer finds it to be."""
    import charset_normalizer

    if _is_binary(raw):
        raise BinaryFile(name, "NUL or control bytes in it, as no text has", "Save the policy as plain text again")
    if raw.startswith(BYTE_ORDER_MARKS):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UndecodableText(name, "marked as UTF-16, which the bytes are not", "Save it as UTF-8") from error
    if 0 not in raw:  # plain letters in UTF-16 are UTF-8 too, with a NUL between each two
        text = raw.decode("utf-8-sig", "replace")
        if text.count("\ufffd") <= BROKEN * len(text):
            refuse_legacy(text, name)
            return mended(text)
    refuse_legacy(raw.decode("latin-1"), name)
    best = charset_normalizer.from_bytes(raw, cp_isolation=ENCODINGS).best()
    if best is None or best.encoding not in ENCODINGS:
        raise UndecodableText(name, f"the bytes are no text in {', '.join(ENCODINGS)}", "Save it as UTF-8")
    return str(best)


def refuse_legacy(text: str, name: str) -> None:
    """Raises `LegacyEncoding` where the letters are those of TCVN3 or VNI, the fonts of the nineties."""
    letters = len(VIETNAMESE.findall(text))
    if letters > LEGACY * len(text) / 2:  # more words than every second character begins there are none
        return
    words = len(_WORD.findall(text))
    if words < FEW or letters > LEGACY * words:
        return
    for code, spelling in (("TCVN3 (ABC)", _TCVN3), ("VNI", _VNI)):
        if len(spelling.findall(text)) > max(ENOUGH, LEGACY * words):
            raise LegacyEncoding(name, f"the text is written for {code} fonts", "Convert it to Unicode")


def mended(text: str) -> str:
    """Lines that were encoded twice as they were meant; all others as they are."""
    if not _MANGLED.search(text):
        return text
    import ftfy

    lines = []
    for line in text.split("\n"):
        fixed = ftfy.fix_encoding(line) if _MANGLED.search(line) else line
        lines.append(fixed if len(VIETNAMESE.findall(fixed)) > len(VIETNAMESE.findall(line)) else line)
    return "\n".join(lines)


def _is_binary(raw: bytes) -> bool:
    """Control characters in number, or NUL bytes that are not the empty halves of UTF-16."""
    sample = raw[:65_536]
    controls = sum(sample.count(c) for c in range(32) if c not in b"\t\n\v\f\r\x1b")
    nul = sample.count(0)
    one_sided = max(sample[0::2].count(0), sample[1::2].count(0)) > 0.9 * nul
    utf16 = sample.startswith(BYTE_ORDER_MARKS) or (nul > 0.2 * len(sample) and one_sided)
    return not utf16 and (nul > 0 or controls > 0.01 * len(sample))
