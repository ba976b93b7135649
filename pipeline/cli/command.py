"""What a module of this package says about its command, and what several of them need."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from rich.console import Console

ANNOTATED = Path("data/annotated")
"""The gold of this project, seen from its checkout."""


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


def console(out: TextIO) -> "Console":
    """A console for tables: as wide as a terminal, 160 columns elsewhere; a closed pipe raises as `print` does."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise  # called while the error is handled; rich itself would end the process with 1

    return Plain(file=out, width=None if out.isatty() else 160)
