"""The catalogue of a store: opened, checked, and brought to the schema of this version of the package.

A catalogue of a later version or a damaged one is refused and left as it is; one of an earlier version is migrated
after a copy of it has been made beside it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from pipeline.errors import DamagedStore, NewerStore, NoStore, OutputError, StoreError

NAME = "catalogue.sqlite"
APPLICATION = 0x766E7079
"""Says in the file's head that it is ours ("vnpy")."""

MIGRATIONS: Sequence[str] = tuple(
    files("pipeline.store").joinpath(name).read_text(encoding="utf-8") for name in ("schema.sql", "schema-2.sql")
)
"""What makes each version of the schema out of the one before; the first makes it out of an empty file."""

UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""What SQLite says of a disk that is full, read-only or broken, and not of its file."""

WAIT = 30
"""Seconds to wait for another process that commits: a commit takes milliseconds."""


def path_of(folder: Path) -> Path:
    """Where the catalogue of a store lies."""
    return folder / NAME


def connect(folder: Path, *, write: bool = False) -> sqlite3.Connection:
    """A connection to the catalogue of a store; for writing it is made or migrated where that is needed.

    Raises `StoreError` where there is none to read, `NewerStore`, `DamagedStore`, `OutputError`.
    """
    path = path_of(folder)
    if not write and not path.is_file():
        raise NoStore(str(folder), "there is no store", "Name the folder that `vnpolicy run` wrote with --out")
    if path.is_file() and path.stat().st_size == 0 and (folder / "batches").is_dir():
        raise DamagedStore(str(path), "the catalogue is empty", _restored())
    try:
        return _opened(path, write)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in UNWRITABLE:
            raise OutputError(str(path), f"cannot be written ({error})", "Check permissions and free space") from error
        raise DamagedStore(str(path), f"the catalogue cannot be read ({error})", _restored()) from error
    except sqlite3.DatabaseError as error:
        raise DamagedStore(str(path), f"the catalogue cannot be read ({error})", _restored()) from error


def _restored() -> str:
    return "Put the store back from a backup, or move the folder `store` away to begin anew"


def _opened(path: Path, write: bool) -> sqlite3.Connection:
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path.absolute().as_uri() + ("?mode=rwc" if write else "?mode=ro"), uri=True, timeout=WAIT, isolation_level=None
    )
    try:
        _checked(connection, path, write)
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _checked(connection: sqlite3.Connection, path: Path, write: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if version > len(MIGRATIONS):
        raise NewerStore(
            str(path),
            f"a later version of vnpolicy wrote it (schema {version}, this one reads {len(MIGRATIONS)})",
            "Install that version; the store was not touched",
        )
    if version and application != APPLICATION:
        raise DamagedStore(str(path), "it is a database of another program", _restored())
    if version == len(MIGRATIONS):
        connection.execute("SELECT count(*) FROM runs").fetchone()  # reads the schema: fails here where it is damaged
    elif not write and not version:
        raise NoStore(str(path), "the store is being made", "Wait until the run has ended")
    elif not write:
        raise StoreError(str(path), "the store is of an earlier version", "Run `vnpolicy run` once, which migrates it")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection, path, version)


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    if version == len(MIGRATIONS):
        return
    if version:
        with sqlite3.connect(path.with_name(f"{path.stem}-before-{version + 1}.sqlite")) as backup:
            connection.backup(backup)
        backup.close()
    steps = "".join(
        f"{step};\nPRAGMA user_version = {number};\n"
        for number, step in enumerate(MIGRATIONS[version:], start=version + 1)
    )
    connection.executescript(f"BEGIN IMMEDIATE;\n{steps}PRAGMA application_id = {APPLICATION};\nCOMMIT;")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing of what is written inside."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
