"""Parts of the data tables: some documents in a row, whose rows are written together, or taken from the last files.

Where a part begins is decided by a document's name alone, so that a document more or less changes one part.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping

from pipeline.store.tables import TABLES
from pipeline.store.versions import Version

DOCUMENTS = 256
"""Documents of a part, on average: few to make anew where one changed, many enough for a row group of Parquet."""

STAGES = {table: (stage,) for stage, table in TABLES.items()} | {"policies": ("segment", "classify")}
"""The stages whose results the rows of a table are made of."""


def split(versions: Iterable[Version]) -> list[list[Version]]:
    """The versions that stand, in the order of the tables, part by part."""
    parts: list[list[Version]] = []
    for version in sorted(versions, key=lambda version: version.place):
        if not parts or zlib.crc32(version.doc_id.encode()) % DOCUMENTS == 0:
            parts.append([])
        parts[-1].append(version)
    return parts


def key(table: str, part: Iterable[Version], made: Mapping[str, Mapping[str, str]]) -> str:
    """A hash of all that the rows of a part come from. `made`: fingerprints of each content's results by stage."""
    said = [_said(table, version, made.get(version.content, {})) for version in part]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _said(table: str, version: Version, made: Mapping[str, str]) -> list[object]:
    said = [version.doc_id, version.vendor, version.content, "classify" in made]  # only then it is shown
    said += [made.get(stage) for stage in STAGES[table]]
    if table == "policies":
        said += [version.source, version.retrieved_at, dict(version.meta), version.compared]
    return said
