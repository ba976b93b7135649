"""The texts behind a run: tables hold sentences, gold holds whole policies."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import DocumentError, ReviewError
from pipeline.ingest import read
from pipeline.review import Source, file_name
from pipeline.sources import discover

Row = Mapping[str, Any]
AGAIN = "Run it again on the policies as they are now"


def sources(folder: Path, policies: Sequence[Row], names: Collection[str]) -> dict[str, Source]:
    """The documents `names` of the run in `folder`, read from where the run found them.

    Raises `ReviewError` where a file has gone or is not what the run read.
    """
    place = _place(folder)
    documents = {document.doc_id: document for document in discover(place)}
    found = {}
    for row in policies:
        name = file_name(row["doc_id"], row["version"])
        if name not in names:
            continue
        if row["doc_id"] not in documents:
            raise ReviewError(row["doc_id"], f"the file is no longer in {place}", AGAIN)
        try:
            policy = read(documents[row["doc_id"]])
        except DocumentError as error:
            raise ReviewError(row["doc_id"], f"can no longer be read ({error.cause})", AGAIN) from error
        if policy.sha256 != row["sha256"]:
            raise ReviewError(row["doc_id"], f"the file in {place} has changed since the run", AGAIN)
        found[name] = Source(name=name, vendor=row["vendor"], text=policy.text)
    return found


def _place(folder: Path) -> str:
    """Where a run took its policies from."""
    try:
        place = str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReviewError(str(folder), "no run.json of a run there", "Name the --out folder of a run") from error
    if place == "-":
        raise ReviewError(str(folder), "its policy came from standard input and is gone", "Run on a file or a folder")
    if not Path(place).exists():
        raise ReviewError(
            place, "the policies of the run are not there", "Go to the folder in which the run was started"
        )
    return place
