"""The records that stages hand on. Frozen; positions are characters into `Policy.text`, half-open; indices are from 0.

Policy ─ segment ─▶ Sentence* ─ extract ─▶ Entity* ─ classify ─▶ Clause*   (together: Analysis)
Analysis ─ compare ─▶ Finding*, Requirement*;   two Analyses ─ changes ─▶ Change*;   a refusal ─▶ Failure
all of these ─ field ─▶ Standing*, Term*
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.spacy_doc import Marked, set_extensions, spacy_doc

SentenceKind = Literal["heading", "body", "item", "furniture"]
FindingStatus = Literal["stated", "partly", "conflict", "not_found", "cut_off", "unsure", "unreadable"]
RequirementStatus = Literal["met", "partly", "missing", "cut_off", "unsure"]
ReviewState = Literal["right", "corrected", "wrong", "cannot_tell", "disputed", "pending"]
StandingKind = Literal[
    "longest", "shortest", "open_ended", "only_one", "only_value", "lacks", "boilerplate", "template", "shared"
]
ChangeKind = Literal["added", "removed", "changed", "moved", "cosmetic"]
ChangeLevel = Literal["value", "clause"]

SITE = "site:"
"""Stands before a value of an answer that only the page around the policy has, not the policy."""

EVIDENCED: frozenset[str] = frozenset({"stated", "partly", "conflict"})
"""Statuses of a finding that must rest on at least one piece of evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of one vendor's policy.

    `text` is NFC with newline line ends. `version` is the first 12 hex digits of `sha256`, the hash of the raw bytes.
    `retrieved_at` is an ISO date, `None` where nobody said it. `flags` gives each doubt about the document (`cut_off`,
    `not_policy`, beside it what the page is instead: `shell`, `error_page`, `terms_of_sale`, `article`;
    `mixed_language`; `two_languages`, the share left out; `several_policies`, the share of others; `no_diacritics`, the
    share written without marks) a score in 0..1. `meta` holds the user's own columns of `sources.csv`.
    """

    doc_id: str
    version: str
    vendor: str
    source: str
    sha256: str
    retrieved_at: str | None
    language: str
    flags: Mapping[str, float] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A heading, a sentence, a list item or a piece of page furniture; `policy.text[start:end] == text`.

    `path` holds the headings above it, outermost first. `lead_in` is the index of the sentence that introduces the list
    in which this item stands, `None` outside of lists.
    """

    doc_id: str
    index: int
    start: int
    end: int
    text: str
    kind: SentenceKind
    path: tuple[str, ...] = ()
    lead_in: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise ValueError(f"sentence {self.index} of {self.doc_id}: {self.start}..{self.end} is no span of its text")

    def evidence(self) -> "Evidence":
        """The whole sentence, in support of an answer."""
        return Evidence(sentence=self.index, start=self.start, end=self.end, quote=self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A value at its place; `policy.text[start:end] == text`, inside sentence `sentence` (an address may run on).

    `value` is the canonical form, `detail` what only this kind has (documented in the kind's module), `rule` the name
    of what found it. `detail["said_by"]` is `site` where the place is page furniture, absent where it is the policy.
    """

    doc_id: str
    sentence: int
    kind: str
    start: int
    end: int
    text: str
    value: str
    detail: Mapping[str, str] = field(default_factory=dict)
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Sentence `sentence` says something of category `label`, with calibrated probability `score`.

    Each sentence has at least one, exactly one of them `primary`; `unsure` where the primary is not likely enough.
    """

    doc_id: str
    sentence: int
    label: str
    score: float
    primary: bool
    unsure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that one policy yields. `fingerprints` has one hash a stage: its code, data, model and what it rests on."""

    policy: Policy
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    clauses: tuple[Clause, ...]
    fingerprints: Mapping[str, str] = field(default_factory=dict)

    def to_spacy(self, *, extensions: bool = False) -> Any:
        """A spaCy `Doc` with span groups `sentences` (labels are kinds), `clauses` (all categories) and `entities`.

        `doc.text` is the policy's text, and every span lies at its exact characters; `span.kb_id_` is the value of an
        entity. With `extensions`, the spans of `doc.spans["sentences"]` also have `._.path`, the headings above, and
        `._.lead_in`, the text that introduces the list, `None` outside of lists: extensions hold for the whole process,
        so they are set on request only. Raises `ImportError` where spaCy is not installed (extra `spacy`).
        """
        spans = [(s.start, s.end) for s in self.sentences]
        groups = {
            "sentences": [Marked(s.start, s.end, s.kind) for s in self.sentences],
            "clauses": [Marked(*spans[c.sentence], c.label) for c in self.clauses],
            "entities": [Marked(e.start, e.end, e.kind, e.value) for e in self.entities],
        }
        doc = spacy_doc(self.policy.text, spans, groups)
        if extensions:
            said = [None if s.lead_in is None else self.sentences[s.lead_in].text for s in self.sentences]
            set_extensions(doc, spans, {"path": [s.path for s in self.sentences], "lead_in": said})
        return doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that support an answer: `quote == policy.text[start:end]`, beginning in sentence `sentence`."""

    sentence: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What people say of a finding. `said` and `status` are the machine's own answer, which theirs may stand for.

    `right`: it is as they say; `corrected`: they say another, which is shown; `wrong`: they do not say which one;
    `cannot_tell`; `disputed`: they do not agree; `pending`: the sentences have changed since. `reviewers` by name.
    """

    state: ReviewState
    reviewers: tuple[str, ...]
    status: FindingStatus
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a policy says on one attribute.

    `answer` holds normalised values (or the decisive quotes where no vocabulary exists), in order of first mention;
    empty unless the status is `stated`, `partly` or `conflict`, and these have evidence, unless a reviewer says them of
    a policy in which nothing was found. `confidence` is in 0..1. `review` is `None` where nobody reviewed it.
    """

    doc_id: str
    attribute: str
    status: FindingStatus
    answer: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0
    review: Review | None = None

    def __post_init__(self) -> None:
        evidenced = self.status in EVIDENCED
        if bool(self.answer) != evidenced or (evidenced and not self.evidence and not self.review):
            raise ValueError(f"{self.attribute} of {self.doc_id}: status {self.status} does not fit its evidence")

    @property
    def in_policy(self) -> bool:
        """Whether the policy itself says it, and not only the page around it."""
        return any(not value.startswith(SITE) for value in self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Whether a policy has the element that a regime asks for."""

    doc_id: str
    regime: str
    element: str
    status: RequirementStatus
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a vendor's policy stands in the field, seen beside all others that are compared.

    `kind` says what `subject` (an attribute, `regime/element`, an entity kind, or empty) and `value` mean; the table in
    `pipeline.field` lists them. It holds for `count` of the `of` policies that could be judged. `others` are documents
    in the same position, except for `lacks`, where they are those that have what this one lacks; the first of them
    where there are many. `evidence` is in the vendor's own policy; only `lacks` and `template` have none.
    """

    doc_id: str
    kind: StandingKind
    subject: str
    value: str
    count: int
    of: int
    others: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One period of storage that a policy states, made to be sorted.

    `value` is a duration (`P24M`) or an event (`until_request`); `days` its length, `None` for an event, whose end
    nobody knows. `bound` is `exact`, `at_least`, `at_most`, empty for an event; `applies_to` the kind of data in the
    policy's words, empty where it is all; `site` whether only the page around the policy says it.
    """

    doc_id: str
    value: str
    days: float | None
    bound: str
    applies_to: str
    site: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference between two versions of one vendor's policy. `old` is `None` where added, `new` where removed.

    `level` is `value` (an answer differs; `subject` is the attribute, `old` and `new` are normalised values) or
    `clause` (sentences differ; `subject` is their main category, `old` and `new` their text). `how` says more of a
    clause: how it `changed` (`reworded`, `split`, `merged`), what alone a `cosmetic` one touches. Evidence is of the
    sentences on both sides.
    """

    vendor: str
    level: ChangeLevel
    subject: str
    kind: ChangeKind
    how: str = ""
    old: str | None
    new: str | None
    old_evidence: tuple[Evidence, ...] = ()
    new_evidence: tuple[Evidence, ...] = ()
    old_version: str
    new_version: str

    def __post_init__(self) -> None:
        one_sided = {"added": self.old is None, "removed": self.new is None}.get(self.kind, self.kind == "cosmetic")
        if (self.old is None or self.new is None) > one_sided or (self.old, self.new) == (None, None):
            raise ValueError(f"{self.kind} {self.subject} of {self.vendor}: its two sides do not fit its kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """A version that is a broken scrape rather than a new policy; version `instead`, the last good one, stays.

    `reason` is one of the ids of `pipeline.changes.quarantine`, `message` says it in English with what to do. `kept`
    and `size` are the shares (0..1, `size` may be more) of the last good version's sentences and characters in it.
    """

    doc_id: str
    vendor: str
    version: str
    instead: str
    reason: str
    message: str
    kept: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a batch could not do: `error` is a class name of `pipeline.errors`, `first_seen` an ISO time (UTC)."""

    source: str
    stage: str
    error: str
    message: str
    first_seen: str
