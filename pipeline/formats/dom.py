"""The tree of an HTML page: parsed as browsers do, walked without recursion; and what single nodes say.

Typed `Any` where a node of resiliparse is meant, which has no types of its own.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

SKIPPED = frozenset(
    [
        "head",
        "title",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "object",
        "embed",
        "map",
        "select",
        "datalist",
        "option",
        "input",
        "textarea",
        "progress",
        "meter",
        "iframe",
        "frame",
        "noframes",
    ]
)
"""Elements whose content no reader sees as text."""

BREAKING = frozenset(
    [
        "html",
        "body",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "aside",
        "address",
        "center",
        "dd",
        "dl",
        "dt",
        "fieldset",
        "legend",
        "figure",
        "figcaption",
        "form",
        "hgroup",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "menu",
        "dir",
        "ul",
        "ol",
        "p",
        "blockquote",
        "pre",
        "summary",
        "details",
        "dialog",
        "search",
        "frameset",
        "button",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
    ]
)
"""Elements that begin a line; all others stand within one."""

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "legend", "dt"])

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


def said(node: Any, name: str) -> str:
    """The value of an attribute, empty where there is none."""
    return (node.getattr(name) or "") if node.attrs else ""


def is_hidden(node: Any) -> bool:
    """Whether the page shows the element only later, or never."""
    if not node.attrs:
        return False
    return (
        node.hasattr("hidden")
        or said(node, "aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(said(node, "style")))
        or bool(_HIDDEN_NAMES.search(said(node, "class")))
    )


def opens(node: Any) -> bool:
    """Whether the element is a button that shows a hidden part of the text: the heading of that part."""
    return node.tag == "button" and bool(said(node, "aria-controls") or said(node, "aria-expanded"))


def leads_away(node: Any) -> bool:
    """Whether the element is a link to another page: not an e-mail address, nor a telephone number."""
    return node.tag == "a" and not said(node, "href").startswith(("mailto:", "tel:"))


def is_bold(node: Any) -> bool:
    return node.tag in ("b", "strong") or bool(_BOLD.search(said(node, "style")))


def keeps_space(node: Any) -> bool:
    """Whether line breaks of the source are shown."""
    return (
        node.tag == "pre"
        or bool(_KEPT_SPACE.search(said(node, "style")))
        or bool({"whitespace-pre", "whitespace-pre-line", "whitespace-pre-wrap"} & set(said(node, "class").split()))
    )


def shows_symbols(node: Any) -> bool:
    """Whether letters are shown as signs, as word processors set their bullets."""
    return bool(_SYMBOLS.search(said(node, "style")))


def protected_email(node: Any) -> str:
    """The e-mail address that a content delivery network has hidden from robots, else nothing.

    The first byte is the key with which the others are masked.
    """
    code = said(node, "data-cfemail")
    try:
        key, *masked = bytes.fromhex(code)
        return bytes(byte ^ key for byte in masked).decode()
    except ValueError:
        return ""
