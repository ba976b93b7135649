"""Reviewed answers in the place of the machine's: whose verdicts still hold, and what they come to.

A verdict holds while the text that the finding rests on is the same: the sentences of its evidence with the lead-ins of
their lists, or the whole policy, furniture apart. Where nothing was found there is no sentence, and the whole policy
decides. Positions do not matter, nor does which version of the pipeline found it.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pipeline.batch import Batch
from pipeline.records import EVIDENCED, Evidence, Finding, FindingStatus, Review, ReviewState, Sentence
from pipeline.store import Store, Version
from pipeline.store.lazy import batch_of
from pipeline.store.verdicts import Verdict

ABSENT = frozenset({"not_found", "không tìm thấy", "—", "-"})
"""What a reviewer enters as corrected value where the policy says nothing."""

KIND = "finding"


class Vote(NamedTuple):
    """What a reviewer holds for true; no status where it is only known to be wrong, or not to be told."""

    kind: str
    status: FindingStatus | None
    answer: tuple[str, ...]


def said(finding: Finding, sentences: Sequence[Sentence]) -> dict[str, Any]:
    """What is judged: status and answer, each sentence with its lead-in, and a hash of the policy's words."""
    rests = [sentences[index] for index in sorted({e.sentence for e in finding.evidence})]
    return {
        "status": finding.status,
        "answer": list(finding.answer),
        "sentences": sorted(
            [_flat(s.text), "" if s.lead_in is None else _flat(sentences[s.lead_in].text)] for s in rests
        ),
        "text": _digest(sentences),
    }


def values(corrected: str) -> tuple[FindingStatus, tuple[str, ...]]:
    """Status and answer of a corrected value; values stand between semicolons.

    >>> values("P24M; until_request"), values("—")
    (('stated', ('P24M', 'until_request')), ('not_found', ()))
    """
    if corrected.strip().casefold() in ABSENT:
        return "not_found", ()
    return "stated", tuple(dict.fromkeys(filter(None, (part.strip() for part in corrected.split(";")))))


def batch(store: Store) -> Batch:
    """What the last run left, with the answers of reviewers where there are any."""
    given = by_vendor(store)
    return batch_of(store, lambda version: findings(store, version, given.get(version.vendor, ())))


def by_vendor(store: Store) -> Mapping[str, list[Verdict]]:
    """The verdicts on findings."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in store.verdicts():
        if verdict.kind == KIND:
            found[verdict.vendor].append(verdict)
    return found


def findings(store: Store, version: Version, verdicts: Sequence[Verdict]) -> Sequence[Finding]:
    """The findings of a version, those on which there are verdicts as reviewers say."""
    found = store.findings(version)
    if not verdicts or not version.compared:
        return found
    sentences = store.analysis(version).sentences
    return [reviewed(f, sentences, [v for v in verdicts if v.subject == f.attribute]) for f in found]


def states(store: Store) -> dict[str, int]:
    """How many answers of the comparison there are of each state of review."""
    found = [
        finding
        for vendor, given in sorted(by_vendor(store).items())
        for version in store.versions(vendor)
        if version.compared
        for finding in findings(store, version, given)
    ]
    return dict(Counter(f.review.state for f in found if f.review).most_common())


def reviewed(finding: Finding, sentences: Sequence[Sentence], verdicts: Sequence[Verdict]) -> Finding:
    """The finding as the verdicts on it (oldest first) have it; as it is where there are none."""
    if not verdicts:
        return finding
    now = said(finding, sentences)
    votes: dict[str, tuple[Vote, dict[str, Any]]] = {}
    for verdict in verdicts:
        then = json.loads(verdict.said)
        if (vote := _vote(verdict, then, now)) is not None:
            votes[verdict.reviewer] = vote, then
    everybody = votes or {verdict.reviewer for verdict in verdicts}
    decided = {vote: then for vote, then in votes.values() if vote.kind != "cannot_tell"}
    if not decided or len(decided) > 1:
        state: ReviewState = "disputed" if decided else "cannot_tell" if votes else "pending"
        return _marked(finding, state, everybody)
    ((vote, then),) = decided.items()
    if vote.status is None:
        return _marked(finding, "wrong", everybody)
    same = (vote.status, vote.answer) == (finding.status, finding.answer)
    marked = _marked(finding, "right" if same else "corrected", everybody)
    evidence = finding.evidence if same else _evidence(then["sentences"], sentences)
    return replace(
        marked, status=vote.status, answer=vote.answer, evidence=evidence if vote.status in EVIDENCED else ()
    )


def _vote(verdict: Verdict, then: Mapping[str, Any], now: Mapping[str, Any]) -> Vote | None:
    """What a verdict comes to now; `None` where it holds no longer."""
    if then["text"] != now["text"] and (not then["sentences"] or then["sentences"] != now["sentences"]):
        return None
    if verdict.verdict == "right":
        return Vote("answer", then["status"], tuple(then["answer"]))
    if verdict.corrected:
        return Vote("answer", *values(verdict.corrected))
    same = (then["status"], then["answer"]) == (now["status"], now["answer"])
    return Vote(verdict.verdict, None, ()) if same else None


def _marked(finding: Finding, state: ReviewState, reviewers: Iterable[str]) -> Finding:
    review = Review(state=state, reviewers=tuple(sorted(reviewers)), status=finding.status, said=finding.answer)
    return replace(finding, review=review)


def _evidence(rests: Sequence[Sequence[str]], sentences: Sequence[Sentence]) -> tuple[Evidence, ...]:
    """The sentences that the reviewer had before him, where they stand now."""
    shown = {text for text, _ in rests}
    return tuple(s.evidence() for s in sentences if _flat(s.text) in shown)


def _digest(sentences: Sequence[Sentence]) -> str:
    words = " ".join(_flat(s.text) for s in sentences if s.kind != "furniture")
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _flat(text: str) -> str:
    return " ".join(text.split())
