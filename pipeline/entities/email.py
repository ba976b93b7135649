"""E-mail addresses.

Value: the address in lower case. Rules:

- `plain`: as addresses are written; what follows the address (full stop, bracket, the next sentence where its space is
  missing) is not part of it.
- `spaced`: a space beside the `@`, or before the last part of the domain. Before the `@` only where a word for e-mail
  introduces the address or what stands before it is the name of a mailbox, because "theo dõi @abc.vn" names an account.
- `spelled`: `(at)`, `[at]`, `(a còng)`, `[@]` for the `@`, `(dot)`, `[chấm]` for a full stop.

An account (`@abc.vn`), a hidden address (`[email protected]`) and a host without a top-level domain are none.
No `detail`.

>>> [(m.value, m.rule) for m in find("Liên hệ: Hotro@BenNuoc.com.vn.")]
[('hotro@bennuoc.com.vn', 'plain')]
>>> [(m.value, m.rule) for m in find("Email: cskh @bennuoc.vn hoặc sales[at]bennuoc(dot)vn")]
[('cskh@bennuoc.vn', 'spaced'), ('sales@bennuoc.vn', 'spelled')]
>>> list(find("Theo dõi kênh Telegram @bennuoc.vn"))
[]
>>> canonical("<HoTro@bennuoc.vn>")
'hotro@bennuoc.vn'
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import Trigger
from pipeline.entities.url import host_length
from pipeline.nlp import fold

KIND = "email"

INTRODUCED = 60
"""How far before a loose local part the word for e-mail may stand: "Email (trong giờ hành chính): "."""

MAILBOXES = frozenset({
    "info", "support", "contact", "cskh", "hotro", "lienhe", "sales", "sale", "admin", "privacy", "dpo", "hello",
    "help", "care", "marketing", "legal", "mail", "office", "service", "customerservice", "khieunai", "hr",
    "tuyendung", "banhang", "kinhdoanh",
})
"""Local parts that companies use for their mailboxes and that are no word of a sentence before a name of an account."""

_LOOSE_DOT = r"\s?(?:[(\[{]\s?(?:dot|chấm|\.)\s?[)\]}]\s?|\.\s?(?=(?:com|vn|net|org)\b))"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    r"(?<!\w)(?<!\w[.+\-])"  # from a word's beginning only: linear, and no half of a name with Vietnamese letters
    r"(?P<local>[A-Za-z0-9_](?:[A-Za-z0-9_.+\-]{0,62}[A-Za-z0-9_])?)"  # 64 characters at most (RFC 5321)
    r"(?P<at>\s?@\s?|\s?[(\[{]\s?(?:at|a còng|@)\s?[)\]}]\s?)"
    rf"(?P<domain>{_LABEL}(?:(?:\.|{_LOOSE_DOT}){_LABEL}){{1,8}})", re.IGNORECASE)
_DOTS = re.compile(rf"{_LOOSE_DOT}|\.", re.IGNORECASE)
_WORD_FOR_EMAIL = re.compile(r"e-?mail|\bmail\b|thư điện tử|hộp thư|hòm thư|địa chỉ thư")


def triggers() -> Iterable[Trigger]:
    return (Trigger(("@", "a còng", *(bracket + space + "at" for bracket in "([{" for space in ("", " ")))),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The addresses in `text`, in order."""
    for found in _ADDRESS.finditer(text):
        match = _read(text, found, context)
        if match is not None:
            yield match


def canonical(surface: str) -> str:
    """The address in lower case, without brackets, spaces and spelled-out marks."""
    for match in find(f"email: {surface}"):
        return match.value
    raise ValueError(f"no e-mail address: {surface!r}")


def _read(text: str, found: re.Match[str], context: Context) -> Match | None:
    """The address in `found`, or `None` where it only looks like one."""
    written = found["domain"]
    host = _DOTS.sub(".", written)
    length = host_length(host, any_tld=True)
    if length == 0 or ".." in found["local"]:
        return None
    if found["at"][0].isspace() and "@" in found["at"] and found["local"].lower() not in MAILBOXES:
        before = f"{context.lead_in[-INTRODUCED:]} {text[max(0, found.start() - INTRODUCED):found.start()]}"
        if not _WORD_FOR_EMAIL.search(fold(before)):
            return None
    cut = len(host) - length
    end = found.end() - cut if written.endswith(host[length:]) else found.end()
    spelled = any(mark in text[found.start():end] for mark in "([{")
    rule = "spelled" if spelled else "spaced" if any(c.isspace() for c in text[found.start():end]) else "plain"
    return Match(start=found.start(), end=end, value=f"{found['local']}@{host[:length]}".lower(), rule=rule)
