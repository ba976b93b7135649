"""The tree of an HTML page: parsed as browsers do, walked without recursion; and what single nodes say.

Typed `Any` where a node of resiliparse is meant, which has no types of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Attributes = Mapping[str, str]
NOTHING: Attributes = {}

SKIPPED = frozenset([
    "head", "title", "script", "style", "noscript", "template", "svg", "math", "canvas", "audio", "video", "object",
    "embed", "map", "select", "datalist", "option", "input", "textarea", "progress", "meter", "iframe", "frame",
    "noframes",
])
"""Elements whose content no reader sees as text."""

BREAKING = frozenset([
    "html", "body", "div", "section", "article", "main", "header", "footer", "nav", "aside", "address", "center",
    "dd", "dl", "dt", "fieldset", "legend", "figure", "figcaption", "form", "hgroup", "hr", "h1", "h2", "h3", "h4",
    "h5", "h6", "li", "menu", "dir", "ul", "ol", "p", "blockquote", "pre", "summary", "details", "dialog", "search",
    "frameset", "button", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
])
"""Elements that begin a line; all others stand within one."""

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "legend", "dt"])

KEEPING_SPACE = frozenset(["whitespace-pre", "whitespace-pre-line", "whitespace-pre-wrap"])
"""Class names of Tailwind under which line breaks of the source are shown."""

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_NAMES = re.compile(
    r"(?:^|\s)(?:sr-only|visually-hidden|screen-reader-text|(?:d-none|hidden|hide)(?!.*:|.*d-\w+-))(?:\s|$)"
)
_SYMBOLS = re.compile(r"font-family\s*:\s*[\"']?(?:symbol|wingdings)", re.IGNORECASE)
_KEPT_SPACE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)


def parse(html: str) -> Any:
    """The document node. Characters that are no text (half surrogates) become the replacement character."""
    from resiliparse.parse.html import HTMLTree

    return HTMLTree.parse(html.encode("utf-8", "replace").decode("utf-8")).document


def size(root: Any) -> int:
    """How many elements the page has."""
    return len(root.get_elements_by_tag_name("*"))


def events(root: Any, enter: Callable[[Any], bool]) -> Iterator[tuple[Any, bool]]:
    """Nodes below `root` and itself, each at its begin (`True`) and end; below a node only where `enter` says so."""
    node, entering = root, True
    while True:
        yield node, entering
        child = node.first_child if entering and enter(node) else None
        if child is not None:
            node = child
        elif entering:
            entering = False
        elif node == root:
            return
        else:
            following = node.next
            node, entering = (following, True) if following is not None else (node.parent, False)


def is_element(node: Any) -> bool:
    """Not text, comment, doctype or document."""
    return hasattr(node, "getattr")


def attributes(node: Any) -> Attributes:
    """What an element says of itself by name; all that is not said is absent."""
    names = node.attrs
    return {name: node.getattr(name) or "" for name in names} if names else NOTHING


def is_hidden(said: Attributes) -> bool:
    """Whether the page shows an element only later, or never."""
    return bool(said) and (
        "hidden" in said
        or said.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(said.get("style", "")))
        or bool(_HIDDEN_NAMES.search(said.get("class", "")))
    )


def opens(tag: str, said: Attributes) -> bool:
    """Whether an element is a button that shows a hidden part of the text: the heading of that part."""
    return tag == "button" and bool(said.get("aria-controls") or said.get("aria-expanded"))


def leads_away(tag: str, said: Attributes) -> bool:
    """Whether an element is a link to another page: not an e-mail address, nor a telephone number."""
    return tag == "a" and not said.get("href", "").startswith(("mailto:", "tel:"))


def is_bold(tag: str, said: Attributes) -> bool:
    """Whether the tag or its style makes what it holds bold."""
    return tag in ("b", "strong") or ("style" in said and bool(_BOLD.search(said["style"])))


def keeps_space(tag: str, said: Attributes) -> bool:
    """Whether line breaks of the source are shown."""
    return (
        tag == "pre"
        or ("style" in said and bool(_KEPT_SPACE.search(said["style"])))
        or ("class" in said and not KEEPING_SPACE.isdisjoint(said["class"].split()))
    )


def shows_symbols(said: Attributes) -> bool:
    """Whether letters are shown as signs, as word processors set their bullets."""
    return "style" in said and bool(_SYMBOLS.search(said["style"]))


def protected_email(said: Attributes) -> str:
    """The e-mail address that a content delivery network has hidden from robots, else nothing.

    The first byte is the key with which the others are masked.
    """
    try:
        key, *masked = bytes.fromhex(said.get("data-cfemail", ""))
        return bytes(byte ^ key for byte in masked).decode()
    except ValueError:
        return ""
