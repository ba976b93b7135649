"""Web addresses: what names a site, also a third party's.

Value: the host in lower case without `www.`, and the path if there is one, without the slash at its end, without the
fragment and without the parameters that only say where a visitor came from. Rules:

- `scheme`: begins with `http://` or `https://`; any top-level domain.
- `www`: begins with `www.`; any top-level domain.
- `bare`: neither; the top-level domain is one of `vocabulary/tlds.toml`.

What follows an address is not part of it: punctuation, a closing bracket that was opened before, the next sentence
where its space is missing. None are: the domain of an e-mail address, file names, package ids of apps
(`vn.abc.xyz_app`), version numbers, and two sentences joined by a full stop (`thông tin.Do đó`). No `detail`.

>>> [(m.value, m.rule) for m in find("Xem https://www.BenNuoc.vn/Chinh-sach/, www.bennuoc.com.vn (fb.com/bennuoc).")]
[('bennuoc.vn/Chinh-sach', 'scheme'), ('bennuoc.com.vn', 'www'), ('fb.com/bennuoc', 'bare')]
>>> [m.value for m in find("Vào bennuoc.vn.Khi đó com.bennuoc.app 2.1.0 gửi tệp cau-hinh.json tới a@bennuoc.vn")]
['bennuoc.vn']
>>> canonical("HTTPS://WWW.BENNUOC.VN/?utm_source=zalo#top")
'bennuoc.vn'
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.entities import patterns
from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import Trigger

KIND = "url"

_VOCABULARY = patterns.vocabulary("tlds")
TLDS, WORDS, CAPITALISED, TECHNOLOGIES, PACKAGE_ROOTS, FILES, SUFFIXES = (frozenset(_VOCABULARY[key]) for key in (
    "tlds", "words", "capitalised", "technologies", "package_roots", "files", "suffixes"))

TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|ref|_ga|mibextid)=", re.IGNORECASE)
"""Parameters that say where the visitor came from, not which page is meant."""

DEFAULT_PORTS = ("", ":80", ":443")

_HOST_LENGTH = 253
"""Characters that a host name may have (RFC 1035); also what keeps its reading linear."""

_ADDRESS = re.compile(
    r"(?<![\w\-])(?<!\w\.)(?P<scheme>https?://)?+"
    r"(?P<host>[A-Za-z0-9][A-Za-z0-9\-]*+(?:\.[A-Za-z0-9\-]++)++)(?P<port>:\d{2,5}(?!\d))?+"
    r"(?P<path>[/?#][^\s<>\"“”‘’«»|;,\\^`{}…]*+)?+", re.IGNORECASE)
_AFTER_AT = re.compile(r"(?:@|[(\[{] ?(?:at|a còng|@) ?[)\]}])\s?\Z", re.IGNORECASE)
_JOIN = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]*\Z)")
_SYLLABLE = re.compile(
    r"(?:ngh?|[ntckgp]h|tr|gi|qu|[bcdđghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?\Z", re.IGNORECASE)


def triggers() -> Iterable[Trigger]:
    return (Trigger(("://", "www.", *(f".{tld}" for tld in TLDS))),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The web addresses in `text`, in order."""
    for found in _ADDRESS.finditer(text):
        match = _read(text, found)
        if match is not None:
            yield match


def canonical(surface: str) -> str:
    """Host in lower case without `www.`, path without the slash at its end."""
    for match in find(surface.strip()):
        return match.value
    raise ValueError(f"no web address: {surface!r}")


def host_length(host: str, *, any_tld: bool) -> int:
    """How much of `host` is the host, 0 for none: up to its last top-level domain, before a sentence that is joined on.

    >>> [host_length(h, any_tld=False) for h in ("abc.com.vn", "abc.vn.Khi", "abc.vnHotline", "abc.khi")]
    [10, 6, 6, 0]
    """
    labels = host.split(".") if len(host) <= _HOST_LENGTH else []
    for count in range(len(labels), 1, -1):
        last = labels[count - 1]
        length = len(".".join(labels[:count]))
        join = _JOIN.search(last)
        if _is_tld(last, host, any_tld=any_tld and count == len(labels)):
            return length
        if join and _is_tld(last[:join.start()], host, any_tld=False):
            return length - len(last) + join.start()
    return 0


def _is_tld(label: str, host: str, *, any_tld: bool) -> bool:
    if label.isupper() or label in CAPITALISED:
        label = label.lower()
    if label in TLDS:
        return True
    return any_tld and label.isalpha() and label.islower() and 2 <= len(label) <= 24 and label not in FILES


def _read(text: str, found: re.Match[str]) -> Match | None:
    """The address in `found`, or `None` where it only looks like one."""
    host, path, follows = found["host"], found["path"] or "", text[found.end("host"):found.end("host") + 1]
    www = host[:4].lower() == "www." and host.count(".") > 1
    rule = "scheme" if found["scheme"] else "www" if www else "bare"
    length = host_length(host, any_tld=rule != "bare")
    whole = length == len(host)
    if length == 0 or _AFTER_AT.search(text, max(0, found.start() - 12), found.start()):
        return None
    if whole and (follows in ("_", "@") or (follows.isalpha() and follows.islower())):
        return None
    host = host[:length]
    if rule == "bare" and not _stands_alone(host, bool(path) and whole):
        return None
    port = (found["port"] or "") if whole else ""
    path = _path(path, rule) if whole else ""
    value = host.lower().removeprefix("www.") + ("" if port in DEFAULT_PORTS else port) + _page(path)
    return Match(start=found.start(), end=found.start("host") + len(host + port + path), value=value, rule=rule)


def _stands_alone(host: str, with_path: bool) -> bool:
    """Whether a host without scheme and `www.` names a site."""
    labels = host.split(".")
    first, last = labels[0], labels[-1].lower()
    if host.lower() in TECHNOLOGIES:
        return False
    if len(labels) > 2:
        return not (first.lower() in PACKAGE_ROOTS and (first.lower() != "vn" or last not in ("com", "net", "org")))
    if with_path:
        return len(first) > 1 or first.isalpha()
    if first.lower() in SUFFIXES or (len(first) < 2 and host.lower() != "x.com"):
        return False
    return not (first.isdigit() and len(first) < 3) and not (last in WORDS and _SYLLABLE.match(first))


def _path(path: str, rule: str) -> str:
    """The path as far as it belongs to the address.

    After a bare host a Vietnamese word behind the slash is the next word ("bennuoc.vn/ứng dụng"), not a page.
    """
    if rule == "bare" and not path.isascii():
        return ""
    while path and (path[-1] in ".,:;!?'*~\"]" or (path[-1] == ")" and path.count("(") < path.count(")"))):
        path = path[:-1]
    return path


def _page(path: str) -> str:
    """The part of the path that says which page: without fragment, tracking and the slash at the end."""
    place, _, query = path.partition("#")[0].partition("?")
    kept = "&".join(part for part in query.split("&") if part and not TRACKING.match(part))
    return place.rstrip("/") + (f"?{kept}" if kept else "")
