"""What changed between two versions, for people: in the terminal, as Markdown, as HTML for the report; and as JSON.

Answers come first, then sentences word by word, then how many cosmetic edits there are of each sort (on demand: which).
Where the new version was put aside, that is said instead.
"""

import json as encoder
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attributes import attributes
from pipeline.batch import Diff
from pipeline.labels import labels
from pipeline.records import Change, Quarantine
from pipeline.render.word_diff import Piece, word_diff
from pipeline.render.words import in_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SIGNS = {"added": "+", "removed": "−", "changed": "~", "moved": "↕", "cosmetic": "·"}
KINDS = {"added": "thêm", "removed": "bỏ", "changed": "đổi", "moved": "chuyển chỗ", "cosmetic": "hình thức"}
BOUNDS = {"at_least": "ít nhất", "at_most": "nhiều nhất", "exact": "đúng"}
SORTS = {
    "spaces": "khoảng trắng",
    "numbering": "đánh số",
    "case": "chữ hoa, chữ thường",
    "tone marks": "vị trí dấu thanh",
    "punctuation": "dấu câu",
    "way of writing": "cách viết",
    "sentence breaks": "ngắt câu",
    "date line": "dòng ngày tháng",
    "furniture": "phần ngoài chính sách",
}
ANSWERS, SENTENCES, COSMETIC = "Câu trả lời thay đổi", "Câu thay đổi", "Chỉ khác về hình thức"
SAME = "Không có thay đổi."
NOTHING = "Không có gì thay đổi từ lần chạy trước."
BROKEN = {
    "error_page": "trang báo lỗi",
    "cookie_wall": "trang chỉ hỏi về cookie",
    "bot_check": "trang kiểm tra người đọc có phải máy không",
    "login_wall": "trang đòi đăng nhập",
    "other_language": "văn bản nay là tiếng khác",
    "not_policy": "văn bản không phải chính sách bảo mật",
    "shell": "trang chỉ có khung, không có văn bản",
    "cut_off": "văn bản bị đứt",
    "stub": "văn bản chỉ còn một phần nhỏ",
}
"""The reasons for which a version is put aside, in words."""


class Entry(NamedTuple):
    """A change as it is shown: `id` is its kind, `kind` that in words, `title` the attribute or category."""

    id: str
    kind: str
    title: str
    pieces: tuple[Piece, ...]


def put_aside(found: Quarantine) -> str:
    """Why a version is a broken scrape, with figures and what to do, in Vietnamese; `message` has it in English."""
    return (
        f"Bản tải hỏng, được để riêng: {BROKEN[found.reason]}; còn {_share(found.kept)} số câu và "
        f"{_share(found.size)} độ dài của bản tốt gần nhất. Bảng so sánh vẫn dùng bản tốt đó; hãy tải lại trang, "
        f"hoặc ghi yes vào cột accepted của sources.csv nếu trang đúng là như vậy."
    )


def _share(share: float) -> str:
    return f"{share:.0%}"


def of_level(changes: Sequence[Change], level: str, *, cosmetic: bool = False) -> list[Entry]:
    """The changes of one level, `value` or `clause`, that are cosmetic or that are not."""
    return entries([c for c in changes if c.level == level and (c.kind == "cosmetic") == cosmetic])


def entries(changes: Sequence[Change]) -> list[Entry]:
    """All changes as they are shown."""
    return [_entry(change) for change in changes]


def _entry(change: Change) -> Entry:
    kind = SORTS[change.how] if change.kind == "cosmetic" else KINDS[change.kind]
    return Entry(change.kind, kind, _names()[change.level][change.subject], _pieces(change))


def _names() -> dict[str, dict[str, str]]:
    return {"value": {a.id: a.vi for a in attributes()}, "clause": {label.id: label.vi for label in labels()}}


def _pieces(change: Change) -> tuple[Piece, ...]:
    old, new = (side_in_words(change, side) for side in (change.old, change.new))
    if change.kind == "moved":
        return (Piece("equal", new),)
    if change.level == "clause" and old and new:
        return word_diff(old, new)
    arrow = Piece("equal", " → " if old and new else "")
    return tuple(p for p in (Piece("removed", old), arrow, Piece("added", new)) if p.text)


def side_in_words(change: Change, side: str | None) -> str:
    """One side of a change as it is read; empty where it has none."""
    return _value(side) if change.level == "value" else _flat(side)


def _value(value: str | None) -> str:
    """Values as they are read: `P24M (at_most)` is "nhiều nhất 24 tháng"."""
    said, _, bound = (value or "").partition(" (")
    if bound.rstrip(")") in BOUNDS:
        return f"{BOUNDS[bound.rstrip(')')]} {in_words(said)}"
    return ", ".join(in_words(part) for part in (value or "").split(", "))


def _flat(text: str | None) -> str:
    return " ".join((text or "").split("\n"))


def sorts(changes: Sequence[Change]) -> str:
    """How many cosmetic edits there are of each sort."""
    counted = Counter(c.how for c in changes if c.kind == "cosmetic")
    return ", ".join(f"{SORTS[how]} {n}" for how, n in counted.most_common())


def terminal(diffs: Sequence[Diff], console: "Console", *, cosmetic: bool = False) -> None:
    """Prints them: what was removed struck through in red, what was added in green, marked without colour too."""
    from rich.text import Text  # plain text: "[...]" is no markup here

    for diff in diffs:
        console.print(Text(f"\n{diff.vendor}: {diff.old} → {diff.new}", style="bold"))
        for title, some in _parts(diff, cosmetic, english=True):
            console.print(Text(title, style="bold" if some else ""))
            for entry in some:
                line = Text(f"  {SIGNS[entry.id]} ", style="dim") + Text(entry.title, style="cyan")
                console.print(line + Text(f" [{entry.kind}] ", style="dim") + _coloured(entry.pieces))


def _coloured(pieces: Sequence[Piece]) -> "Text":
    from rich.text import Text

    line = Text()
    for kind, text in pieces:
        mark = {"removed": ("[-{}-]", "red strike"), "added": ("{{+{}+}}", "green"), "equal": ("{}", "")}[kind]
        line.append(mark[0].format(text), style=mark[1])
    return line


def _parts(diff: Diff, cosmetic: bool, *, english: bool = False) -> Iterator[tuple[str, list[Entry]]]:
    """Titles with the entries below them; a title alone is a remark, of a version put aside on demand in English."""
    if diff.quarantine:
        yield f"⚠ {diff.quarantine.message if english else put_aside(diff.quarantine)}", []
        return
    found = [(ANSWERS, of_level(diff.changes, "value")), (SENTENCES, of_level(diff.changes, "clause"))]
    yield from ((f"{title} ({len(some)})", some) for title, some in found if some)
    if not any(some for _, some in found):
        yield SAME, []
    if edits := sorts(diff.changes):
        yield f"{COSMETIC}: {edits}", of_level(diff.changes, "clause", cosmetic=True) if cosmetic else []


def markdown(diffs: Sequence[Diff], *, cosmetic: bool = False) -> str:
    """The same as Markdown: ~~removed~~, **added**."""
    lines = ["# Thay đổi trong chính sách bảo mật", *markdown_lines(diffs, 2, cosmetic=cosmetic)]
    return "\n".join(lines) + "\n"


def markdown_lines(diffs: Sequence[Diff], level: int, *, cosmetic: bool = False) -> Iterator[str]:
    """The lines below a heading, vendors as headings of `level`."""
    for diff in diffs:
        yield from ("", f"{'#' * level} {_literal(diff.vendor)}", "", _literal(f"{diff.old} → {diff.new}"))
        for title, some in _parts(diff, cosmetic):
            yield from ("", f"{'#' * (level + 1)} {title}" if some else title, "")
            yield from (f"- {SIGNS[e.id]} **{e.title}** ({e.kind}): {_marked(e.pieces)}" for e in some)


def _marked(pieces: Sequence[Piece]) -> str:
    marks = {"removed": "~~{}~~", "added": "**{}**", "equal": "{}"}
    return "".join(_padded(text, marks[kind]) for kind, text in pieces)


def _padded(text: str, mark: str) -> str:
    """The mark around the text without the spaces at its ends, which Markdown would not take."""
    inner = text.strip()
    return text.replace(inner, mark.format(_literal(inner)), 1) if inner else text


def _literal(text: str) -> str:
    return text.replace("*", "\\*").replace("~", "\\~").replace("<", "&lt;")


def html(diff: Diff, *, cosmetic: bool = False) -> str:
    """A fragment for a page: a section with lists, `<del>` and `<ins>` around words."""
    parts = [f"<section class='diff'><h3>{escape(diff.vendor)}</h3><p>{escape(f'{diff.old} → {diff.new}')}</p>"]
    tags = {"removed": "<del>{}</del>", "added": "<ins>{}</ins>", "equal": "{}"}
    for title, some in _parts(diff, cosmetic):
        parts.append(f"<h4>{escape(title)}</h4>" if some else f"<p>{escape(title)}</p>")
        items = (
            f"<li class='{e.id}'><b>{escape(e.title)}</b> <small>{escape(e.kind)}</small> "
            + "".join(tags[kind].format(escape(text)) for kind, text in e.pieces)
            for e in some
        )
        parts += ["<ul>", *items, "</ul>"] if some else []
    return "\n".join([*parts, "</section>"])


def json(diffs: Sequence[Diff]) -> str:
    """Everything, cosmetic edits too, with evidence on both sides."""
    found = [
        {
            "vendor": diff.vendor,
            "old": diff.old._asdict(),
            "new": diff.new._asdict(),
            "quarantine": asdict(diff.quarantine) if diff.quarantine else None,
            "changes": [asdict(change) for change in diff.changes],
        }
        for diff in diffs
    ]
    return encoder.dumps(found, ensure_ascii=False, indent=1)
