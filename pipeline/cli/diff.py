"""`vnpolicy diff`: what changed between two versions of a policy."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.cli.command import Command, console, day
from pipeline.errors import SettingsError
from pipeline.replacing import replaced

if TYPE_CHECKING:
    from pipeline.batch import Diff
    from pipeline.store import Store

FORMATS = ("terminal", "markdown", "html", "json")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "versions", nargs="*", metavar="VERSION", help="two files; with --in two versions by digits of their hash"
    )
    parser.add_argument("--in", dest="out", metavar="OUT", help="output folder of a run: what its last run brought")
    parser.add_argument("--vendor", help="with --in: this vendor only")
    parser.add_argument("--from", dest="first", type=day, metavar="DATE", help="with --in and --to: as it was then")
    parser.add_argument("--to", dest="last", type=day, metavar="DATE", help="with --in and --from: as it was then")
    parser.add_argument(
        "--upgrade", action="store_true", help="with --in: answers that changed only because the pipeline did"
    )
    parser.add_argument("--format", choices=FORMATS, default="terminal", help="default: %(default)s")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to a file, not to the terminal")
    parser.add_argument("--cosmetic", action="store_true", help="list cosmetic edits too, not only their number")
    parser.add_argument("--model", type=Path, help="folder of the model, for two files (default: the package's own)")


def _call(options: argparse.Namespace) -> int:
    _checked(options)
    if options.out:
        from pipeline.store import open_store

        with open_store(options.out) as store:
            _show(_stored(store, options), options)
        return 0
    from pipeline.ingest import read
    from pipeline.run import Analyser
    from pipeline.run.diffs import diff
    from pipeline.sources import discover

    analyser = Analyser(options.model)
    old, new = (analyser(read(discover(name)[0])) for name in options.versions)
    _show([diff(old, new)], options)
    return 0


def _checked(options: argparse.Namespace) -> None:
    """Raises `SettingsError` for options that mean nothing together."""
    days = options.first, options.last
    ways = [bool(options.versions), any(days), options.upgrade]
    if len(options.versions) not in (0, 2) or (not options.out and len(options.versions) != 2):
        cause = f"{len(options.versions)} versions named"
    elif any(days) != all(days):
        cause = "one of --from and --to without the other"
    elif sum(ways) > 1 or (not options.out and (sum(ways) > 1 or options.vendor)):
        cause = "options that do not go together"
    else:
        return
    raise SettingsError("diff", cause, "Name two files, or --in OUT with two versions, --from and --to, or --upgrade")


def _stored(store: "Store", options: argparse.Namespace) -> "list[Diff]":
    from pipeline.run import diffs

    if options.versions:
        return [diffs.versions_named(store, *options.versions)]
    if options.upgrade:
        return list(diffs.upgrade(store))
    if options.first:
        return list(diffs.between_days(store, str(options.first), str(options.last), options.vendor))
    return list(diffs.since_last_run(store, options.vendor))


def _show(diffs: "Sequence[Diff]", options: argparse.Namespace) -> None:
    if not options.output:
        _print(diffs, options, sys.stdout)
        return
    with replaced(options.output) as unfinished, unfinished.open("w", encoding="utf-8") as out:
        _print(diffs, options, out)


def _print(diffs: "Sequence[Diff]", options: argparse.Namespace, out: TextIO) -> None:
    from pipeline.render import diff

    if options.format == "terminal":
        diff.terminal(diffs, console(out), cosmetic=options.cosmetic)
    elif options.format == "markdown":
        print(diff.markdown(diffs, cosmetic=options.cosmetic), file=out)
    elif options.format == "html":
        print(*(diff.html(one, cosmetic=options.cosmetic) for one in diffs), sep="\n", file=out)
    else:
        print(diff.json(diffs), file=out)


COMMAND = Command(
    name="diff",
    about="what changed between two versions of a policy: answers, sentences, and what is cosmetic only",
    examples="""vnpolicy diff old.txt new.txt
vnpolicy diff old.html new.html --format markdown --output changes.md
vnpolicy diff --in build
vnpolicy diff --in build --vendor KiotViet --from 2026-01-01 --to 2026-06-30
vnpolicy diff --in build 0d29a3da 27f9ac69 --format json
vnpolicy diff --in build --upgrade""",
    options=_options,
    call=_call,
)
