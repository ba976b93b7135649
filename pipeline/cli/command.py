"""What a module of this package says about its command, and what several of them need."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import OutputError


class Command(NamedTuple):
    """A command: `about` for the lists of help, lines to type as `examples`, its arguments, and the call behind it.

    `options` adds arguments to a parser; `call` takes what was parsed and returns the exit status.
    """

    name: str
    about: str
    examples: str
    options: Callable[[argparse.ArgumentParser], object]
    call: Callable[[argparse.Namespace], int]


def day(written: str) -> date:
    """A day as 2026-06-30, for argparse."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write year, month, day, as in 2026-06-30") from None


def written(path: Path, writer: Callable[[Path], None]) -> None:
    """Lets `writer` write a file beside `path`, then puts it there: no reader sees half of one."""
    unfinished = path.with_name(path.name + ".partial")
    try:
        writer(unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise OutputError(str(path), f"cannot be written ({error.strerror or error})", "Name another file") from error
