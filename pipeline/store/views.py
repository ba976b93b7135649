"""The views of DuckDB over the batches of a store: the data tables of the last run, below `history` every version."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.render.tables import PATH, as_json
from pipeline.store import batches
from pipeline.store.results import Result, read_results
from pipeline.store.tables import TABLES, schema
from pipeline.store.versions import Version, read_versions

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY = "1GB"
"""What DuckDB may hold before it sorts on the disk."""


def _wide(*names: str) -> str:
    """Numbers with the width that the data tables have; the batches save half of it."""
    return ", ".join(f'CAST("{name}" AS BIGINT) AS "{name}"' for name in names)


COLUMNS: Mapping[str, str] = {
    "policies": "vendor, source, sha256, retrieved_at, language, flags, meta, characters, sentences, compared",
    "texts": "text",
    "sentences": f"{_wide('index', 'start', 'end')}, text, kind, array_to_string(path, '{PATH}') AS path, "
    f"{_wide('lead_in')}",
    "clauses": f'{_wide("sentence")}, label, score, "primary", unsure',
    "entities": f"{_wide('sentence')}, kind, {_wide('start', 'end')}, text, value, detail, rule",
    "findings": "vendor, attribute, status, array_to_string(answer, '; ') AS answer, evidence, confidence",
    "requirements": "regime, element, status, evidence",
}
"""What the views show of each table after `doc_id`, as in the data tables; `policies` has `version` before these."""

CATALOGUED: Mapping[str, str] = {
    "failures": "SELECT source, stage, error, message, first_seen FROM failures WHERE present ORDER BY source",
    "runs": "SELECT id, started, ended, source, as_of, facts FROM runs ORDER BY id",
}
"""Views that are tables of the catalogue."""


def connect(
    folder: Path,
    catalogue: sqlite3.Connection,
    fingerprints: Mapping[str, str],
    versions: Sequence[Version] | None = None,
) -> "duckdb.DuckDBPyConnection":
    """A DuckDB in memory with views that read the batches as they are catalogued now, of some `versions` or of all."""
    connection = opened()
    contents = None if versions is None else {version.content for version in versions}
    known = read_results(catalogue, fingerprints, contents)
    connection.register("versions_", _versions(read_versions(catalogue) if versions is None else versions, known))
    connection.execute("CREATE SCHEMA history; CREATE SCHEMA ordered")
    _show(connection, "policies", "versions_")
    for stage, table in TABLES.items():
        if stage != "raw":
            _show(connection, table, f"{_rows(connection, folder, stage, known)} JOIN versions_ USING (content)")
    for name, query in CATALOGUED.items():
        connection.register(f"{name}_", _arrow(catalogue, query))
        connection.execute(f"CREATE VIEW {name} AS FROM {name}_")
    return connection


def opened() -> "duckdb.DuckDBPyConnection":
    """A DuckDB in memory, in which files keep their order."""
    import duckdb

    return duckdb.connect(config={"memory_limit": MEMORY, "preserve_insertion_order": True})


def _show(connection: "duckdb.DuckDBPyConnection", table: str, rows: str) -> None:
    """The view of the last run, and that of every version, which has the columns `version` and `stands` besides.

    What is below `ordered` has the number by which `export` orders the rows of a document.
    """
    version = "version, " if table == "policies" else ""
    number = "0 AS file_row_number" if table == "policies" else "file_row_number"
    standing = f"doc_id, {version}{COLUMNS[table]} FROM {rows} WHERE stands"
    connection.execute(f"CREATE VIEW ordered.{table} AS SELECT {number}, {standing}")
    connection.execute(f"CREATE VIEW {table} AS SELECT {standing}")
    connection.execute(f"CREATE VIEW history.{table} AS SELECT doc_id, version, stands, {COLUMNS[table]} FROM {rows}")


def _rows(
    connection: "duckdb.DuckDBPyConnection", folder: Path, stage: str, known: Mapping[str, Mapping[str, Result]]
) -> str:
    """The name of a view of the chosen rows of a stage: a batch may hold others that a newer batch replaces."""
    import pyarrow as pa

    table = TABLES[stage]
    chosen = {content: found[stage].batch for content, found in known.items() if stage in found}
    if not chosen:
        empty = schema(table).append(pa.field("file_row_number", pa.int64())).empty_table()
        connection.register(f"{table}_", empty)
        return f"{table}_"
    paths = {name: str(batches.path_of(folder, name)) for name in set(chosen.values())}
    connection.register(
        f"{table}_chosen_", pa.table({"content": list(chosen), "filename": [paths[b] for b in chosen.values()]})
    )
    files = ", ".join(quoted(path) for path in sorted(paths.values()))
    connection.execute(
        f"CREATE VIEW {table}_ AS FROM read_parquet([{files}], filename = true, file_row_number = true) "
        f"SEMI JOIN {table}_chosen_ USING (content, filename)"
    )
    return f"{table}_"


def quoted(text: str) -> str:
    """A string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _versions(versions: Iterable[Version], known: Mapping[str, Mapping[str, Result]]) -> "pa.Table":
    """The table `policies` of every version, with its content and whether it stands in the last run's tables."""
    import pyarrow as pa

    rows = [_policy(version, known.get(version.content, {})) for version in versions]
    numbers, truths = ("characters", "sentences"), ("compared", "stands")
    kinds = {**dict.fromkeys(numbers, pa.int64()), **dict.fromkeys(truths, pa.bool_())}
    names = ["content", "stands", "doc_id", "version", *COLUMNS["policies"].split(", ")]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, kinds.get(name, pa.string())) for name in names]))


def _policy(version: Version, found: Mapping[str, Result]) -> dict[str, Any]:
    facts = found["classify"].facts if "classify" in found else {}
    return {
        "content": version.content,
        "stands": version.stands and "classify" in found,
        "doc_id": version.doc_id,
        "version": version.version,
        "vendor": version.vendor,
        "source": version.source,
        "sha256": version.sha256,
        "retrieved_at": version.retrieved_at,
        "language": facts.get("language"),
        "flags": as_json(facts.get("flags", {})),
        "meta": as_json(version.meta),
        "characters": facts.get("characters"),
        "sentences": found["segment"].rows if "segment" in found else None,
        "compared": version.compared,
    }


def _arrow(catalogue: sqlite3.Connection, query: str) -> "pa.Table":
    import pyarrow as pa

    found = catalogue.execute(query)
    names, rows = [column[0] for column in found.description], found.fetchall()
    kinds = {"id": pa.int64()}
    return pa.Table.from_pylist(
        [dict(row) for row in rows], schema=pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    )
