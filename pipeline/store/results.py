"""Results: which batch holds what a stage found in a content, and reading an analysis back."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.records import Analysis, Finding, Policy, Requirement
from pipeline.sources import Document
from pipeline.store import batches
from pipeline.store.tables import TABLES, records
from pipeline.store.versions import Version


@dataclass(frozen=True, slots=True)
class Result:
    """What a stage found in one content: in which batch, made with which fingerprint; `facts` are for `run.json`."""

    fingerprint: str
    batch: str
    rows: int
    facts: Mapping[str, Any] = field(default_factory=dict)


Results = Mapping[str, Result]
"""Results of one content by stage."""

ANALYSED = ("ingest", "segment", "extract", "classify")
"""The stages whose results make an `Analysis`."""


def read_results(
    connection: sqlite3.Connection, fingerprints: Mapping[str, str], contents: Iterable[str] | None = None
) -> dict[str, dict[str, Result]]:
    """Results of contents (of all where none are named) by stage: those made with `fingerprints`, else the newest."""
    chosen: dict[str, dict[str, Result]] = {}
    for row in _rows(connection, contents):
        found = chosen.setdefault(row["key"], {})
        if row["stage"] in found and found[row["stage"]].fingerprint == fingerprints.get(row["stage"]):
            continue
        facts = json.loads(row["facts"]) if row["facts"] != "{}" else {}
        found[row["stage"]] = Result(row["fingerprint"], row["name"], row["rows"], facts)
    return chosen


def _rows(connection: sqlite3.Connection, contents: Iterable[str] | None) -> Iterable[sqlite3.Row]:
    """Oldest first, so that the last of a stage is the newest."""
    query = (
        "SELECT c.content AS key, b.stage, b.fingerprint, b.name, r.rows, r.facts FROM results r "
        "JOIN contents c ON c.id = r.content JOIN batches b ON b.id = r.batch {} ORDER BY b.run, b.id"
    )
    if contents is None:
        yield from connection.execute(query.format(""))
    else:
        for content in contents:
            yield from connection.execute(query.format("WHERE c.content = ?"), (content,))


def analysed(connection: sqlite3.Connection) -> set[str]:
    """The contents of which there is any result."""
    rows = connection.execute("SELECT content FROM contents WHERE id IN (SELECT content FROM results)")
    return {row[0] for row in rows}


def complete(connection: sqlite3.Connection, fingerprints: Mapping[str, str]) -> set[str]:
    """The contents of which every stage has a result made with `fingerprints`."""
    made = " OR ".join("(b.stage = ? AND b.fingerprint = ?)" for _ in fingerprints)
    found = connection.execute(
        "SELECT c.content FROM results r JOIN batches b ON b.id = r.batch JOIN contents c ON c.id = r.content "
        f"WHERE {made} GROUP BY c.id HAVING count(DISTINCT b.stage) = ?",
        (*(part for pair in fingerprints.items() for part in pair), len(fingerprints)),
    )
    return {row[0] for row in found}


def made_with(connection: sqlite3.Connection, fingerprints: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """The fingerprints of the results, by stage, that `read_results` gives of each content."""
    whole = complete(connection, fingerprints)
    others = read_results(connection, fingerprints, analysed(connection) - whole)
    made = {
        content: {stage: result.fingerprint for stage, result in found.items()} for content, found in others.items()
    }
    return {**made, **dict.fromkeys(whole, fingerprints)}


def read_flags(connection: sqlite3.Connection) -> dict[str, Mapping[str, float]]:
    """The flags of every content that was ever analysed, by the newest result."""
    rows = connection.execute(
        "SELECT c.content, json_extract(r.facts, '$.flags') FROM results r JOIN batches b ON b.id = r.batch "
        "JOIN contents c ON c.id = r.content WHERE b.stage = 'classify' ORDER BY b.run, b.id"
    )
    return {content: json.loads(flags) for content, flags in rows}


def published(connection: sqlite3.Connection) -> dict[str, str]:
    """The fingerprints of the last run that ended; empty before the first."""
    row = connection.execute(
        "SELECT fingerprints FROM runs WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return json.loads(row[0]) if row else {}


def rows_of(folder: Path, stage: str, content: str, results: Results) -> list[dict[str, Any]]:
    """The stored rows of a stage for one content."""
    return batches.read(folder, results[stage].batch, content) if results[stage].rows else []


def analysis(folder: Path, version: Version, results: Results) -> Analysis:
    """What was found in a version, exactly as it was written, under the version's name, vendor and meta data."""
    policy = policy_of(version.document, version.sha256, rows_of(folder, "ingest", version.content, results)[0])
    sentences, entities, clauses = (
        records(TABLES[stage], version.doc_id, rows_of(folder, stage, version.content, results))
        for stage in ("segment", "extract", "classify")
    )
    return Analysis(
        policy=replace(policy, flags={**policy.flags, **results["classify"].facts["flags"]}),
        sentences=sentences,
        entities=entities,
        clauses=clauses,
        fingerprints={stage: results[stage].fingerprint for stage in ANALYSED},
    )


def policy_of(document: Document, sha256: str, row: Mapping[str, Any]) -> Policy:
    """The policy in a row of `texts`, with the flags that ingest gave it."""
    return Policy(
        doc_id=document.doc_id,
        version=sha256[:12],
        vendor=document.vendor,
        source=document.name,
        sha256=sha256,
        retrieved_at=document.retrieved_at,
        language=row["language"],
        flags=json.loads(row["flags"] or "{}"),
        meta=document.meta,
        text=row["text"],
    )


def findings(folder: Path, version: Version, results: Results) -> tuple[Finding, ...]:
    """The findings about a version, in the order of the attributes."""
    return records("findings", version.doc_id, rows_of(folder, "compare", version.content, results))


def requirements(folder: Path, version: Version, results: Results) -> tuple[Requirement, ...]:
    """The requirements judged for a version."""
    return records("requirements", version.doc_id, rows_of(folder, "completeness", version.content, results))
