"""The files of a run, written anew only where what they are made of has changed."""

import hashlib
import json
import sqlite3
from pathlib import Path

from pipeline import fingerprint
from pipeline.render import write
from pipeline.review import answers
from pipeline.run.analyser import add_standings
from pipeline.run.facts import Tally
from pipeline.store import FOLDER, Store
from pipeline.store.export import EXPORTED, export
from pipeline.store.writing import Notes

TABLES = [f"{table}.{suffix}" for table in EXPORTED for suffix in ("csv", "parquet")]
REPORTED = (
    *("render", "review/answers.py", "field.py", "likeness.py"),
    *("attributes.toml", "labels.toml", "regimes.toml", "vocabulary"),
)
"""Files of the package that the reports are made with."""


def write_outputs(catalogue: sqlite3.Connection, out: Path, reports: bool, tally: Tally) -> list[Path]:
    """Writes data tables, and reports where they are wanted; returns the files for people, the comparison first."""
    notes, state = Notes(catalogue), _state(catalogue)
    with Store(out / FOLDER) as store:
        if notes.get("tables") != state or not all((out / name).is_file() for name in TABLES):
            notes.pop("tables", None)
            with tally.timed("tables"):
                export(store, out)
            notes["tables"] = state
        tally.reviews = answers.states(store)
        if not reports:
            return []
        made = hashlib.sha256((state + fingerprint.of_files(*REPORTED) + _verdicts(catalogue)).encode()).hexdigest()
        key, paths = json.loads(notes.get("reports", '["", []]'))
        if key == made and all(Path(path).is_file() for path in paths):
            return [Path(path) for path in paths]
        notes.pop("reports", None)
        with tally.timed("reports"):
            written = write(add_standings(answers.batch(store)), out)
        notes["reports"] = json.dumps([made, [str(path) for path in written]])
        return written


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
