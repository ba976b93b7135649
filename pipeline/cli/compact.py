"""`vnpolicy compact`: keep the store small."""

import argparse
from contextlib import closing
from pathlib import Path

from pipeline.cli.command import Command, day


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--prune", type=day, metavar="DATE", help="forget versions that were last seen before this day")
    parser.add_argument("--remove", metavar="VENDOR", help="forget a vendor and all its versions")
    parser.add_argument("--forget-damaged", action="store_true", help="forget what lies in damaged batches")


def _call(options: argparse.Namespace) -> int:
    from pipeline.store import FOLDER, catalogue, compact
    from pipeline.store.batches import check
    from pipeline.store.lock import held

    folder = options.out / FOLDER
    catalogue.connect(folder).close()  # refuses what is no store, before anything is made
    with held(folder), closing(catalogue.connect(folder, write=True)) as connection:
        if options.forget_damaged:
            print(f"forgot {len(compact.forget_damaged(connection, folder))} damaged batches")
        check(connection, folder)
        if options.prune:
            print(f"forgot {compact.prune(connection, options.prune.isoformat())} versions")
        if options.remove:
            print(f"forgot {compact.remove_vendor(connection, options.remove)} versions of {options.remove}")
        done = compact.compact(connection, folder)
    print(
        f"merged {done.merged} batches into {done.made}, dropped {done.dropped} results, removed {done.removed} files"
    )
    return 0


COMMAND = Command(
    name="compact",
    about="merge the store's small batches, forget old versions or a vendor",
    examples="""vnpolicy compact --out build
vnpolicy compact --out build --prune 2025-01-01
vnpolicy compact --out build --remove 'Lá Xanh'""",
    options=_options,
    call=_call,
)
