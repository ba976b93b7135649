"""The command `vnpolicy`: a module a command, each one library call. Heavy modules are imported where they are used.

Exit status: 0 all good; 1 documents failed; 2 wrong usage, settings or model, nothing done;
3 another run holds the store; 130 stopped by Ctrl-C.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from pipeline import interrupt
from pipeline.cli import compact, diff, evaluate, review, run, status, train
from pipeline.errors import PipelineError, StoreInUse

COMMANDS = (run.COMMAND, status.COMMAND, diff.COMMAND, review.COMMAND, compact.COMMAND, train.COMMAND, evaluate.COMMAND)


UNHEARD = 141
"""What shells say of a command whose reader went away: 128 and the number of the signal SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status. Ends quietly where nobody reads its output on (`| head`)."""
    try:
        try:
            return _ended(arguments)
        finally:
            print(end="", flush=True)
    except BrokenPipeError:
        _silence(sys.stdout, sys.stderr)
        return UNHEARD


def _silence(*streams: TextIO) -> None:
    """Leads what Python would still write to closed pipes, and complain about, nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(None, streams):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())


def _ended(arguments: Sequence[str] | None) -> int:
    try:
        with interrupt.heard():
            options = parser().parse_args(arguments)
            return int(options.call(options))
    except PipelineError as error:
        print(f"vnpolicy: {error}", file=sys.stderr)
        return 3 if isinstance(error, StoreInUse) else 2
    except KeyboardInterrupt:
        print("vnpolicy: stopped; what is done is kept, the next run goes on from there", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    whole = argparse.ArgumentParser(
        prog="vnpolicy",
        description="Compare Vietnamese privacy policies, every answer with the sentence that supports it.",
    )
    whole.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(
            command.name,
            help=command.about,
            description=command.about[0].upper() + command.about[1:] + ".",
            epilog="examples:\n" + command.examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.options(one)
        one.set_defaults(call=command.call)
    return whole


def _version() -> str:
    from importlib.metadata import version

    return version("vnpolicy")
