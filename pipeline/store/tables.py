"""Records <-> Arrow tables, one table a stage. Rows are keyed by the content they were found in, not by a document's
name: what is moved, renamed or copied needs no new analysis.

The round trip is exact: what is read under a document's name equals what was written of it. JSON (flags, detail,
evidence) is written as in the data tables.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from pipeline.records import Clause, Entity, Evidence, Finding, Requirement, Sentence
from pipeline.render.tables import as_json, evidence_json

if TYPE_CHECKING:
    import pyarrow as pa

TABLES: Mapping[str, str] = {
    "raw": "raw",
    "ingest": "texts",
    "segment": "sentences",
    "extract": "entities",
    "classify": "clauses",
    "compare": "findings",
    "completeness": "requirements",
}
"""The table of each stage, in the order of the stages; `raw` keeps the bytes, for the day ingest itself changes."""

_FIELDS: Mapping[str, Mapping[str, str]] = {
    "raw": {"bytes": "binary"},
    "texts": {"language": "string", "flags": "json", "text": "string"},
    "sentences": {
        "index": "int32", "start": "int32", "end": "int32", "text": "string", "kind": "string", "path": "strings",
        "lead_in": "int32",
    },
    "entities": {
        "sentence": "int32", "kind": "string", "start": "int32", "end": "int32", "text": "string", "value": "string",
        "detail": "json", "rule": "string",
    },
    "clauses": {"sentence": "int32", "label": "string", "score": "float64", "primary": "bool", "unsure": "bool"},
    "findings": {
        "attribute": "string", "status": "string", "answer": "strings", "evidence": "evidence", "confidence": "float64",
    },
    "requirements": {"regime": "string", "element": "string", "status": "string", "evidence": "evidence"},
}  # fmt: skip
"""Columns of each table after `content`, in the order of the records' fields."""


@cache
def schema(table: str) -> "pa.Schema":
    """The Arrow schema of a table."""
    import pyarrow as pa

    types = {
        "binary": pa.binary(), "string": pa.string(), "json": pa.string(), "int32": pa.int32(), "float64": pa.float64(),
        "bool": pa.bool_(), "strings": pa.list_(pa.string()), "evidence": pa.string(),
    }  # fmt: skip
    return pa.schema([("content", pa.string()), *((name, types[kind]) for name, kind in _FIELDS[table].items())])


def rows(table: str, content: str, records: Sequence[object]) -> "pa.RecordBatch":
    """The records of one document as rows of `table`; those of `raw` and `texts` are mappings."""
    import pyarrow as pa

    columns = {"content": [content] * len(records)}
    for name, kind in _FIELDS[table].items():
        read: Callable[[Any], Any] = itemgetter(name) if table in ("raw", "texts") else attrgetter(name)
        values = map(read, records)
        columns[name] = list(map(_WRITTEN[kind], values) if kind in _WRITTEN else values)
    return pa.RecordBatch.from_pydict(columns, schema=schema(table))


_WRITTEN: Mapping[str, Callable[[Any], str]] = {"json": lambda value: as_json(dict(value)), "evidence": evidence_json}
"""How kinds of columns are written that are not written as they are."""


def records(table: str, doc_id: str, read: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    """Rows of one document, in their order, as records that bear its name."""
    made = RECORDS[table]
    return tuple(
        made(doc_id=doc_id, **{k: _read(table, k, v) for k, v in row.items() if k != "content"}) for row in read
    )


def _read(table: str, name: str, value: Any) -> object:
    kind = _FIELDS[table][name]
    if kind == "json":
        return json.loads(value or "{}")
    if kind == "strings":
        return tuple(value)
    return tuple(Evidence(**e) for e in json.loads(value or "[]")) if kind == "evidence" else value


RECORDS: Mapping[str, Callable[..., Any]] = {
    "sentences": Sentence,
    "entities": Entity,
    "clauses": Clause,
    "findings": Finding,
    "requirements": Requirement,
}
