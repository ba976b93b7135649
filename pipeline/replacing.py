"""Files that appear under their name only when they are complete: no reader sees half of one, and none is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputError

REMEDY = "Check permissions and free space"


@contextmanager
def replaced(path: Path, remedy: str = REMEDY) -> Iterator[Path]:
    """A temporary name for `path`; what is written there takes its place when the block ends well, else is removed.

    Raises `OutputError` where it cannot be written; `path` then is as it was.
    """
    unfinished = path.with_name(path.name + ".partial")
    try:
        with named(path, remedy):
            yield unfinished
            unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def named(path: Path, remedy: str = REMEDY) -> Iterator[None]:
    """Raises `OutputError`, which names `path`, where what is done inside cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(str(path), f"cannot be written ({error.strerror or error})", remedy) from error
