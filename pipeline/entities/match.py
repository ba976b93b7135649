"""What an extractor is given and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a sentence. All texts are exact; empty where there is nothing.

    `path`: headings above, outermost first. `lead_in`: the sentence that introduces the list in which this item stands.
    `before`, `after`: the neighbouring sentences. `rest`: the policy's text from the sentence's end on, at most 300
    characters, for what runs on over line breaks. `kind`: the sentence's kind.
    """

    path: tuple[str, ...] = ()
    lead_in: str = ""
    before: str = ""
    after: str = ""
    rest: str = ""
    kind: str = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A value in a sentence: `start`, `end` are characters into the sentence (`end` may lie in `Context.rest`)."""

    start: int
    end: int
    value: str
    rule: str
    detail: Mapping[str, str] = field(default_factory=dict)
