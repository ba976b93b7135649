"""What a run over a folder would do, document by document and stage by stage, and why. Nothing is written."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline import fingerprint
from pipeline.artefact import learned, model_folder
from pipeline.run.analyser import laws_of
from pipeline.run.plan import GONE, UP_TO_DATE, Item, plan
from pipeline.run.task import STAGES
from pipeline.sources import discover
from pipeline.store import FOLDER, catalogue
from pipeline.store.writing import Notes

PARTS = "parts"
"""The note in which a run leaves what its fingerprints were made of."""


class Status(NamedTuple):
    """`reasons` by stage: `new`, `changed`, `restored`, `as OTHER`, `fingerprint changed (of WHAT)`, `rests on STAGE`,
    `failed before`, `cannot be read`, `up to date`, `gone`. `version`: first digits of the hash, empty where unread.
    """

    doc_id: str
    version: str
    reasons: Mapping[str, str]


def status(source: str, out: Path, model: Path | None = None, as_of: date | None = None) -> Iterator[Status]:
    """The status of every document of `source`, of earlier versions that would be read again, and of what is gone."""
    documents = discover(source)
    with closing(catalogue.connect(out / FOLDER)) as connection:
        made_of = parts_of(connection, model, as_of or date.today())
        changed = _changed(connection, made_of)
        planned = plan(documents, connection, fingerprint.of_stages(**made_of))
    for item in (*planned.items, *planned.earlier):
        yield Status(item.document.doc_id, item.sha256[:12], _reasons(item, changed))
    for version in planned.gone:
        yield Status(version.doc_id, version.version, dict.fromkeys(STAGES, GONE))


def parts_of(connection: sqlite3.Connection, model: Path | None, as_of: date) -> dict[str, str]:
    """The model and the laws that fingerprints depend on."""
    return {"model": learned(model or model_folder(), dict(Notes(connection))), "laws": laws_of(as_of)}


def _changed(connection: sqlite3.Connection, made_of: Mapping[str, str]) -> Mapping[str, str]:
    """For each stage what of it is not as in the last run, empty where nothing is."""
    before = json.loads(Notes(connection).get(PARTS, "{}"))
    return {
        stage: " and ".join(name for name, value in own.items() if before.get(stage, {}).get(name) != value)
        for stage, own in fingerprint.parts(**made_of).items()
    }


def _reasons(item: Item, changed: Mapping[str, str]) -> dict[str, str]:
    if item.failed:
        return dict.fromkeys(STAGES, item.why)
    if item.task is None:
        return dict.fromkeys(STAGES, UP_TO_DATE)
    first = item.task.first
    if first == STAGES[0]:
        return dict.fromkeys(STAGES, item.why)
    reasons = dict.fromkeys(STAGES, UP_TO_DATE) | dict.fromkeys(item.task.stages, f"rests on {first}")
    return reasons | {first: f"fingerprint changed (of {changed.get(first) or first})"}
