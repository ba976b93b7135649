"""Keeping a store small: batches of many nights merged, results nobody reads and versions nobody wants removed.

Batches are never changed: what is kept of several is written as a new one, the catalogue turns to it at once, and the
old files are removed a day later, when no reader that opened the store before can still need them.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UnknownVersion
from pipeline.store import batches
from pipeline.store.catalogue import transaction
from pipeline.store.writing import now

FULL = 64_000_000
"""Bytes from which a batch is left as it is."""

GRACE = timedelta(days=1)
"""How long a reader may go on reading what the catalogue has turned from."""

KEPT = 2
"""Fingerprints of a stage whose results are kept of each content: today's, and that before the last upgrade."""


class Compacted(NamedTuple):
    """How many batches were merged into how many, results dropped, and files removed."""

    merged: int
    made: int
    dropped: int
    removed: int


def compact(connection: sqlite3.Connection, folder: Path) -> Compacted:
    """Drops results that two upgrades have replaced, merges small batches, removes files retired a day ago."""
    dropped = _drop_replaced(connection)
    merged = made = 0
    for stage, fingerprint in connection.execute("SELECT DISTINCT stage, fingerprint FROM batches").fetchall():
        small = connection.execute(
            "SELECT id, name, bytes, documents, (SELECT count(*) FROM results WHERE batch = b.id) AS read "
            "FROM batches b WHERE stage = ? AND fingerprint = ? AND retired_at IS NULL AND bytes < ? "
            "ORDER BY run, id", (stage, fingerprint, FULL),
        ).fetchall()  # fmt: skip
        for group in _groups(small):
            merged, made = merged + len(group), made + _merge(connection, folder, stage, fingerprint, group)
    return Compacted(merged, made, dropped, clean(connection, folder))


def prune(connection: sqlite3.Connection, before: str) -> int:
    """Forgets versions last seen before the ISO day `before` that are neither there nor shown; says how many."""
    with transaction(connection):
        gone = connection.execute(
            "DELETE FROM versions WHERE last_seen < ? AND NOT present AND NOT stands", (before,)
        ).rowcount
        _drop_orphans(connection)
    return gone


def remove_vendor(connection: sqlite3.Connection, vendor: str) -> int:
    """Forgets all versions of a vendor, and the verdicts on them; says how many. Raises `UnknownVersion`."""
    with transaction(connection):
        connection.execute("DELETE FROM verdicts WHERE vendor = ?", (vendor,))
        gone = connection.execute("DELETE FROM versions WHERE vendor = ?", (vendor,)).rowcount
        if not gone:
            raise UnknownVersion(vendor, "no such vendor in the store", "See what is there: vnpolicy status")
        connection.execute("DELETE FROM notes WHERE key IN ('tables', 'reports')")
        _drop_orphans(connection)
    return gone


def forget_damaged(connection: sqlite3.Connection, folder: Path) -> list[str]:
    """Forgets the results in batches that are missing or cut short: the next run makes them anew; names these."""
    damaged = batches.damaged(connection, folder)
    with transaction(connection):
        for name in damaged:
            number = "(SELECT id FROM batches WHERE name = ?)"
            connection.execute(f"DELETE FROM results WHERE batch = {number}", (name,))
            connection.execute("DELETE FROM batches WHERE name = ?", (name,))
    for name in damaged:
        batches.path_of(folder, name).unlink(missing_ok=True)
    return damaged


def clean(connection: sqlite3.Connection, folder: Path) -> int:
    """Removes files of batches that were retired long enough ago, and what killed runs left behind; says how many."""
    day = (datetime.fromisoformat(now(connection)) - GRACE).isoformat(timespec="seconds")
    with transaction(connection):
        connection.execute("DELETE FROM batches WHERE retired_at < ?", (day,))
    return batches.sweep(connection, folder)


def _drop_orphans(connection: sqlite3.Connection) -> None:
    """Drops the results of contents that no version has, and retires batches of which nothing is read."""
    connection.execute("DELETE FROM results WHERE content NOT IN (SELECT content FROM versions)")
    connection.execute("DELETE FROM contents WHERE id NOT IN (SELECT content FROM versions)")
    _retire_unread(connection)


def _retire_unread(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE batches SET retired_at = ? WHERE retired_at IS NULL AND id NOT IN (SELECT batch FROM results)",
        (now(connection),),
    )


def _drop_replaced(connection: sqlite3.Connection) -> int:
    """Drops of each content and stage the results of all fingerprints but the newest few."""
    with transaction(connection):
        dropped = connection.execute(
            "DELETE FROM results WHERE (content, batch) IN (SELECT content, batch FROM (SELECT r.content, r.batch, "
            "row_number() OVER (PARTITION BY r.content, b.stage ORDER BY b.run DESC, b.id DESC) AS place "
            "FROM results r JOIN batches b ON b.id = r.batch) WHERE place > ?)", (KEPT,),
        ).rowcount  # fmt: skip
        _retire_unread(connection)
    return dropped


def _groups(small: Iterable[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """Batches to be merged: as many in a row as make a full one; one alone where part of it is no longer read."""
    groups: list[list[sqlite3.Row]] = []
    size = FULL
    for row in small:
        if size + row["bytes"] > FULL:
            groups.append([])
            size = 0
        groups[-1].append(row)
        size += row["bytes"]
    return [group for group in groups if len(group) > 1 or group[0]["read"] < group[0]["documents"]]


def _merge(
    connection: sqlite3.Connection, folder: Path, stage: str, fingerprint: str, group: Iterable[sqlite3.Row]
) -> int:
    """Writes what is still read of a group as one batch, turns the catalogue to it, retires the group; says 1."""
    rows: dict[str, int] = {}
    kept: list[tuple[int, int, str]] = []
    for batch in group:
        found = connection.execute(
            "SELECT c.content, r.rows, r.facts, r.content AS number FROM results r JOIN contents c ON c.id = r.content "
            "WHERE r.batch = ?", (batch["id"],),
        ).fetchall()  # fmt: skip
        rows |= {row["content"]: row["rows"] for row in found}
        kept += [(row["number"], row["rows"], row["facts"]) for row in found]
    table = batches.merged(folder, stage, [batch["name"] for batch in group], set(rows))
    written = batches.write_table(folder, stage, fingerprint, table, dict(sorted(rows.items())))
    ids = [batch["id"] for batch in group]
    marks = ", ".join("?" * len(ids))
    with transaction(connection):
        run = connection.execute(f"SELECT max(run) FROM batches WHERE id IN ({marks})", ids).fetchone()[0]
        number = connection.execute(
            "INSERT INTO batches (name, stage, fingerprint, documents, rows, bytes, run) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*written.named, len(rows), sum(rows.values()), written.bytes, run),
        ).lastrowid
        connection.execute(f"DELETE FROM results WHERE batch IN ({marks})", ids)
        connection.executemany(
            "INSERT INTO results (content, batch, rows, facts) VALUES (?, ?, ?, ?)",
            [(content, number, count, facts) for content, count, facts in kept],
        )
        connection.execute(f"UPDATE batches SET retired_at = ? WHERE id IN ({marks})", (now(connection), *ids))
    return 1
