"""`vnpolicy evaluate`: how good the pipeline is."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from pipeline.cli.command import Command


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gold", type=Path, help="folder of annotations on which the trained model is scored")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")
    parser.add_argument(
        "--agreement", type=Path, help="folder with the label files of two annotators: how far they agree"
    )


def _call(options: argparse.Namespace) -> int:
    import json

    from pipeline import evaluate
    from pipeline.gold import read_gold
    from pipeline.train import leave_one_vendor_out

    if options.agreement:
        result: Mapping[str, object] = evaluate.agreement(options.agreement)
    elif options.gold:
        result = evaluate.on_gold(read_gold(options.gold), options.model)
    else:
        result = leave_one_vendor_out(read_gold(Path("data/annotated")))
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


COMMAND = Command(
    name="evaluate",
    about="score the pipeline: leaving out each real vendor in turn, or on a folder of gold",
    examples="""vnpolicy evaluate
vnpolicy evaluate --gold my/gold
vnpolicy evaluate --agreement data/annotated/annotators/real""",
    options=_options,
    call=_call,
)
