"""`vnpolicy train`: gold -> model."""

import argparse
import sys
from pathlib import Path

from pipeline.cli.command import ANNOTATED, Command


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--gold",
        type=Path,
        action="append",
        help=f"folder of annotations, may be given several times (default: {ANNOTATED})",
    )
    parser.add_argument("--model", type=Path, help="folder to write (default: the package's own)")


def _call(options: argparse.Namespace) -> int:
    from pipeline.artefact import model_folder, save_model
    from pipeline.gold import read_all
    from pipeline.train import train

    folder = options.model or model_folder()
    gold = read_all(options.gold or [ANNOTATED])
    print(f"training on {len(gold)} policies", file=sys.stderr)
    model, card = train(gold)
    save_model(model, card, folder)
    scores = card["cross_validation"]
    print(
        f"{folder}: {card['data']['units']} units; unseen vendors under cross-validation: "
        f"macro-F1 {scores['macro_f1']}, micro-F1 {scores['micro_f1']}, main label {scores['main_accuracy']}"
    )
    return 0


COMMAND = Command(
    name="train",
    about="train the classifier of clause categories",
    examples="vnpolicy train\nvnpolicy train --gold data/annotated --gold my/gold --model my/model",
    options=_options,
    call=_call,
)
