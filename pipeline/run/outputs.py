"""The files of a run, written anew only where what they are made of has changed."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pipeline import fingerprint
from pipeline.batch import Batch
from pipeline.render import OF_THE_RUN, write, write_tables
from pipeline.review import answers
from pipeline.run.analyser import add_standings
from pipeline.run.diffs import brought, stored
from pipeline.run.facts import Tally
from pipeline.store import FOLDER, Store, Version
from pipeline.store.export import EXPORTED, export
from pipeline.store.writing import Notes

TABLES = [f"{table}.{suffix}" for table in EXPORTED for suffix in ("csv", "parquet")]
BROUGHT = [f"{table}.{suffix}" for table in OF_THE_RUN for suffix in ("csv", "parquet")]
REPORTED = (
    *("render", "review/answers.py", "field.py", "likeness.py"),
    *("attributes.toml", "labels.toml", "regimes.toml", "vocabulary"),
)
"""Files of the package that the reports are made with."""


def write_outputs(catalogue: sqlite3.Connection, out: Path, reports: bool, tally: Tally) -> list[Path]:
    """Writes data tables, and reports where they are wanted; returns the files for people, the comparison first."""
    notes, state = Notes(catalogue), _state(catalogue)
    with Store(out / FOLDER) as store:
        if _stale(notes, "tables", state, out, TABLES):
            with tally.timed("tables"):
                export(store, out, notes)
            notes["tables"] = state
        tally.reviews = answers.states(store)
        pairs = brought(store)
        news = _news(pairs, state if pairs else "")
        diffs = cache(lambda: [stored(store, *pair) for pair in pairs])
        if _stale(notes, "changes", news, out, BROUGHT):
            with tally.timed("changes"):
                write_tables(Batch(diffs=diffs()), out, OF_THE_RUN)
            notes["changes"] = news
        if not reports:
            return []
        made = _hash(state, news, fingerprint.of_files(*REPORTED), _verdicts(catalogue))
        key, paths = json.loads(notes.get("reports", '["", []]'))
        if key == made and all(Path(path).is_file() for path in paths):
            return [Path(path) for path in paths]
        notes.pop("reports", None)
        with tally.timed("reports"):
            batch = add_standings(answers.batch(store))
            batch.diffs = diffs()
            written = write(batch, out)
        notes["reports"] = json.dumps([made, [str(path) for path in written]])
        return written


def _stale(notes: Notes, name: str, state: str, out: Path, files: list[str]) -> bool:
    """Whether files have to be written; then their note is taken away until they are."""
    if notes.get(name) == state and all((out / file).is_file() for file in files):
        return False
    notes.pop(name, None)
    return True


def _news(pairs: Iterable[tuple[Version, Version]], state: str) -> str:
    """A hash of what the versions that a run brought are compared with, and by which code; the same for none."""
    said = [[*(f"{v.doc_id} {v.content}" for v in pair), pair[1].quarantine, pair[1].dated] for pair in pairs]
    return _hash(json.dumps(said), state, fingerprint.of_files("changes"))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _state(catalogue: sqlite3.Connection) -> str:
    """A hash of all that the data tables say."""
    digest = hashlib.sha256()
    for query in (
        "SELECT fingerprints FROM runs WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1",
        "SELECT doc_id, content, vendor, source, retrieved_at, meta, stands, compared FROM versions WHERE stands "
        "ORDER BY id",
        "SELECT source, stage, error, message, first_seen FROM failures WHERE present ORDER BY source",
    ):
        for row in catalogue.execute(query):
            digest.update(json.dumps(tuple(row)).encode())
    return digest.hexdigest()


def _verdicts(catalogue: sqlite3.Connection) -> str:
    return json.dumps([tuple(row) for row in catalogue.execute("SELECT * FROM verdicts ORDER BY id")])
