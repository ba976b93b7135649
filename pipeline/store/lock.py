"""One run at a time: the lock of a store. It dies with the process that holds it: a killed run leaves none behind."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import OutputError, StoreInUse
from pipeline.replacing import replaced


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Holds the store. Raises `StoreInUse`, naming process and start time, where another process does."""
    from filelock import FileLock, Timeout

    lock, holder = FileLock(folder / "lock"), folder / "lock.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreInUse(
            str(folder), f"{_said(holder)} holds it", "Wait until it has ended, or name another folder with --out"
        ) from None
    except OSError as error:
        raise OutputError(
            str(folder), f"cannot be written ({error.strerror or error})", "Name another folder with --out"
        ) from error
    try:
        _write(holder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _write(holder: Path) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with replaced(holder) as unfinished:
        said = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
        unfinished.write_text(json.dumps(said), "utf-8")


def _said(holder: Path) -> str:
    try:
        said = json.loads(holder.read_text("utf-8"))
        return f"process {said['pid']} on {said['host']}, started {said['started']},"
    except (OSError, ValueError, KeyError):
        return "another process"
