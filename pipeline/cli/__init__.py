"""The command `vnpolicy`: a module a command, each one library call. Heavy modules are imported where they are used.

Exit status: 0 all good; 1 documents failed; 2 wrong usage, settings or model, nothing done;
3 another run holds the store.
"""

import argparse
import sys
from collections.abc import Sequence

from pipeline.cli import compact, diff, evaluate, review, run, status, train
from pipeline.errors import PipelineError, StoreInUse

COMMANDS = (run.COMMAND, status.COMMAND, diff.COMMAND, review.COMMAND, compact.COMMAND, train.COMMAND, evaluate.COMMAND)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = parser().parse_args(arguments)
    try:
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
