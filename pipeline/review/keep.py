"""Verdicts into the store of a run: what stands there stays, unless the reviewer's new verdict is to stand for it."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pipeline.errors import ReviewError
from pipeline.render.form import Filled
from pipeline.review import Outcome
from pipeline.review.verdict_sheet import Given, filled
from pipeline.store import FOLDER, catalogue, verdicts, writing
from pipeline.store.lock import held
from pipeline.store.verdicts import Verdict


def take(found: Filled, out: Path, reviewer: str = "", replacing: bool = False) -> Outcome:
    """Checks the rows of a form and keeps their verdicts in the store of `out`.

    Raises `StoreError` where there is none, `StoreInUse` while a run is going on, `ReviewError` for another form.
    """
    folder = out / FOLDER
    catalogue.connect(folder).close()
    with held(folder), closing(catalogue.connect(folder, write=True)) as connection:
        known = {(v.row, v.reviewer): _gist(v) for v in verdicts.read(connection)}
        taken, refused = filled(found, verdicts.identity(connection), verdicts.versions(connection), reviewer)
        new = [
            given for given in taken if known.get((given.verdict.row, given.verdict.reviewer)) != _gist(given.verdict)
        ]
        stand = [] if replacing else [g for g in new if (g.verdict.row, g.verdict.reviewer) in known]
        fresh = [given.verdict for given in new if given not in stand]
        verdicts.enter(connection, fresh, writing.now(connection))
    return Outcome(len(fresh), len(taken) - len(new), [*refused, *_refused(stand)])


def _gist(verdict: Verdict) -> tuple[str, ...]:
    return verdict.verdict, verdict.corrected, verdict.comment


def _refused(stand: Sequence[Given]) -> list[str]:
    return [
        str(ReviewError(where, f"{v.reviewer} judged it otherwise before", "Add --replace if this one is to stand"))
        for where, v in stand
    ]
