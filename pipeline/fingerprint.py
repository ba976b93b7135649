"""Hashes of what a stage's result depends on: its source and data files, the model, and the stages before it."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent

LAW = ("regimes.py", "regimes.toml", "instruments.py", "instruments.toml")

STAGES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ingest": (
        ("sources.py", "lists.py", "ingest.py", "formats", "records.py", "spacy_doc.py", "nlp.py",
         "vocabulary/pages.toml"),
        (),
    ),
    "segment": (("segment", "nlp.py", "vocabulary/furniture.toml", "vocabulary/page_kinds.toml"), ("ingest",)),
    "extract": (("entities", "automaton.py", "vocabulary"), ("segment",)),
    "classify": (("classify.py", "around.py", "predictor.py", "features.py", "labels.toml"), ("extract",)),
    "compare": (("findings", "sieve.py", "automaton.py", "attributes.py", "attributes.toml", *LAW), ("classify",)),
    "completeness": (("findings/completeness.py",), ("compare",)),
}
"""For each stage its files and folders in the package, and the stages that it rests on."""

MODEL_FILES = ("features.py", "around.py", "predictor.py", "classifier.py", "nlp.py", "labels.toml")
"""Files with which a saved model must agree: they say what its numbers mean."""


@cache
def of_files(*names: str) -> str:
    """First 12 hex digits of the hash over files of the package (all files below, for a folder)."""
    digest = hashlib.sha256()
    for name in names:
        path = PACKAGE / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix not in (".pyc", ".typed"):
                digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def parts(model: str, laws: str = "") -> dict[str, dict[str, str]]:
    """What each stage depends on besides the stages that it rests on: its code and data, the model, the laws."""
    besides = {"classify": {"model": model}, "compare": {"laws of the day": laws}}
    return {
        stage: {"code and data": of_files(*names), **besides.get(stage, {})} for stage, (names, _) in STAGES.items()
    }


def of_stages(model: str, laws: str = "") -> dict[str, str]:
    """A fingerprint a stage; `classify` depends on the hash of the model too, `compare` on the laws of the day."""
    result: dict[str, str] = {}
    for stage, own in parts(model, laws).items():
        rests_on = (result[other] for other in STAGES[stage][1])
        result[stage] = hashlib.sha256("\0".join((*own.values(), *rests_on)).encode()).hexdigest()[:12]
    return result
