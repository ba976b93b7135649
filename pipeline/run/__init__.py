"""A run over a folder of policies: what is new or changed is worked on, everything is kept in the store, tables and
reports are written of what stands.

Steps: discover, plan (what has to be done and why), spread (do it, in chunks), settle (which versions stand), publish
(readers see it), export. A run that is stopped or killed at any moment leaves what it has finished in the store and the
files of the last run as they are; the next one goes on from there.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import fingerprint, interrupt
from pipeline.artefact import learned, model_folder
from pipeline.changes.quarantine import quarantine
from pipeline.errors import ChangedWhileRead, NotAPolicy, OutputError
from pipeline.records import Failure
from pipeline.render import prepare
from pipeline.replacing import replaced
from pipeline.run import facts as run_facts
from pipeline.run.analyser import Analyser, add_findings, add_standings, laws_of
from pipeline.run.limits import LIMITS, Limits
from pipeline.run.outputs import write_outputs
from pipeline.run.plan import Item, Plan, plan
from pipeline.run.settle import Seen, settle
from pipeline.run.spread import spread
from pipeline.run.status import PARTS
from pipeline.run.summary import summary, told
from pipeline.run.task import Settings, refused
from pipeline.sources import Document, discover
from pipeline.store import FOLDER, Version, catalogue, results, writing
from pipeline.store.batches import check, sweep
from pipeline.store.export import sweep as swept
from pipeline.store.lock import held
from pipeline.store.versions import read_versions
from pipeline.store.writing import Failed

Watch = Callable[..., None]
"""Told what happens: the name of an event and its facts as keywords."""

WAVES = 3
"""How often work is planned at most: again for files that changed after they were planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a user may choose. `jobs`: processes, `None` for what pays. `reports`: whether to write what people read;
    `summary`: the file for the morning's text.
    """

    model: Path | None = None
    as_of: date = field(default_factory=date.today)
    jobs: int | None = None
    scheduler: str | None = None
    limits: Limits = LIMITS
    reports: bool = True
    summary: Path | None = None


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run came to: all failures, those of them that the run before did not have, the files for people, and the
    facts of `run.json`.
    """

    failures: list[Failure]
    new: list[Failure]
    paths: list[Path]
    facts: Mapping[str, Any]


def run(source: str, out: Path, options: Options | None = None, watch: Watch = lambda event, **facts: None) -> Outcome:
    """Runs over `source` into the folder `out`. Raises `SettingsError`; `StoreInUse` where another run is going on."""
    options = options or Options()
    documents = discover(source)
    prepare(out)
    folder = out / FOLDER
    with held(folder), closing(catalogue.connect(folder, write=True)) as connection:
        check(connection, folder)
        sweep(connection, folder)
        swept(out)
        try:
            return _Run(connection, out, source, options, watch).over(documents)
        except sqlite3.OperationalError as error:
            raise OutputError(
                str(folder), f"cannot be written ({error})", "Check permissions and free space"
            ) from error


class _Run:
    """One run; its steps share the catalogue and the fingerprints of the day."""

    def __init__(self, connection: sqlite3.Connection, out: Path, source: str, options: Options, watch: Watch) -> None:
        self.catalogue, self.out, self.options, self.watch = connection, out, options, watch
        made_of = (learned(options.model or model_folder(), writing.Notes(connection)), laws_of(options.as_of))
        self.fingerprints = fingerprint.of_stages(*made_of)
        self.parts = fingerprint.parts(*made_of)
        self.known = writing.reported(connection)
        self.untold = writing.untold(connection)
        self.number = writing.begin(connection, source, options.as_of.isoformat(), self.fingerprints)
        self.failed: dict[str, Failed] = {}
        self.worked: set[str] = set()
        self.tally = run_facts.Tally(source, str(out), options.as_of, self.fingerprints)

    def over(self, documents: list[Document]) -> Outcome:
        with self.tally.timed("plan"):
            planned = plan(documents, self.catalogue, self.fingerprints)
        self.watch("planned", documents=len(documents), work=len(planned.tasks()), gone=len(planned.gone))
        self._work(planned)
        with self.tally.timed("settle"):
            failures, facts = self._publish(planned)
        self.watch("published", **facts["counts"])
        paths = write_outputs(self.catalogue, self.out, self.options.reports, self.tally)
        run_facts.write(self.out / "run.json", self.tally.closed(facts))
        self._summarise(facts, failures)
        new = [failure for failure in failures if self._is_new(failure)]
        writing.Notes(self.catalogue).pop(writing.UNTOLD, None)
        return Outcome(failures=failures, new=new, paths=paths, facts=facts)

    def _work(self, planned: Plan) -> None:
        """Does the work, planning again for what could not be known the first time."""
        settings = Settings(
            store=(self.out / FOLDER).absolute(),
            model=self.options.model and self.options.model.absolute(),
            as_of=self.options.as_of,
            fingerprints=self.fingerprints,
            limits=self.options.limits,
        )
        earlier, wave = {item.content for item in planned.earlier}, planned
        for _ in range(WAVES):
            for done in spread(wave.tasks(), settings, self.options.jobs, self.options.scheduler):
                interrupt.check()
                failed = [f for f in done.failed if f.content not in earlier]
                writing.add(self.catalogue, self.number, done.written, done.hashes, done.facts, failed)
                self.failed.update({f.failure.source: f for f in failed})
                self.worked.update(done.hashes)
                self.tally.add(done)
                self.watch("done", documents=done.documents, failures=[f.failure.message for f in failed])
            self._fail_copies(planned)
            left = [place for place, item in enumerate(planned.items) if self._undone(item)]
            if not left:
                break
            wave = plan([planned.items[place].document for place in left], self.catalogue, self.fingerprints)
            wave.earlier = []
            for place, item in zip(left, wave.items, strict=True):
                planned.items[place] = item
        self.failed.update({i.failed.failure.source: i.failed for i in planned.items if i.failed})
        for item in planned.items:
            if self._undone(item):
                error = ChangedWhileRead(item.document.name, "it changes all the time", "Run again when it is complete")
                self.failed[item.document.name] = refused(item.document, None, "ingest", error, self.fingerprints)

    def _fail_copies(self, planned: Plan) -> None:
        """Of files with the same content one is worked on: what it failed of, the others fail of."""
        failed = {f.content: f for f in self.failed.values()}
        for item in planned.items:
            if self._undone(item) and item.content in failed:
                self.failed[item.document.name] = failed[item.content].of_copy(item.document.name)

    def _undone(self, item: Item) -> bool:
        return item.task is not None and item.content not in self.worked and item.document.name not in self.failed

    def _publish(self, planned: Plan) -> tuple[list[Failure], Mapping[str, Any]]:
        """Enters what stands now, at once; returns all failures and the facts of the run."""
        flags = results.read_flags(self.catalogue)
        read = [item for item in planned.items if item.content and item.document.name not in self.failed]
        settled = settle(
            [Seen(document=item.document, content=item.content or "", sha256=item.sha256) for item in read],
            [item.document.doc_id for item in planned.items if item.document.name in self.failed],
            planned.history,
            flags,
            run=self.number,
            now=writing.now(self.catalogue),
            suspect=self._suspect,
            worked=self.worked.__contains__,
        )
        for item in read:
            doubts = flags[item.content or ""]
            if "not_policy" in doubts:
                self.failed[item.document.name] = refused(
                    item.document, item.content, "ingest", _not_policy(item.document, doubts), self.fingerprints
                )
        failed = [
            self._first_seen(self.failed[i.document.name]) for i in planned.items if i.document.name in self.failed
        ]
        self.tally.planned(planned, settled, len(failed))
        writing.Notes(self.catalogue)[PARTS] = json.dumps(self.parts)
        new = [[f.failure.source, f.failure.error] for f in failed if self._is_new(f.failure)]
        writing.Notes(self.catalogue)[writing.UNTOLD] = json.dumps(new)
        facts = writing.publish(
            self.catalogue, self.number, settled, failed, lambda: self.tally.facts(self.catalogue)
        )
        return [f.failure for f in failed], facts

    def _suspect(self, old: Version, new: Version) -> str | None:
        """Why a new version is a broken scrape, read off the analyses of both."""
        found = results.read_results(self.catalogue, self.fingerprints, [old.content, new.content])
        before, after = (results.analysis(self.out / FOLDER, v, found[v.content]) for v in (old, new))
        put_aside = quarantine(before, after)
        return f"{put_aside.reason}: {put_aside.message}" if put_aside else None

    def _summarise(self, facts: Mapping[str, Any], failures: list[Failure]) -> None:
        """Writes the morning's text, where one is wanted."""
        if self.options.summary is None:
            return
        changed = told(self.catalogue, self.out / FOLDER, self.fingerprints, self.number)
        aside = read_versions(self.catalogue, "v.present AND v.quarantine IS NOT NULL")
        text = summary(facts, changed, [f for f in failures if self._is_new(f)], aside)
        with replaced(self.options.summary) as unfinished:
            unfinished.write_text(text, encoding="utf-8")

    def _is_new(self, failure: Failure) -> bool:
        """Whether no run before this one ended with it."""
        key = failure.source, failure.error
        return key not in self.known or key in self.untold

    def _first_seen(self, failed: Failed) -> Failed:
        failure = failed.failure
        seen = self.known.get((failure.source, failure.error), failure.first_seen)
        return failed._replace(failure=replace(failure, first_seen=seen))


INSTEAD = {
    "shell": "a frame without its text",
    "error_page": "an error page",
    "terms_of_sale": "terms of sale",
    "article": "an article",
}
"""Flags that say what a page is that is no policy, in words."""


def _not_policy(document: Document, flags: Mapping[str, float]) -> NotAPolicy:
    kind = "".join(f": it looks like {words} ({flags[flag]:.2f})" for flag, words in INSTEAD.items() if flag in flags)
    return NotAPolicy(
        document.name,
        f"Vietnamese, but no privacy policy ({flags['not_policy']:.2f}){kind}; it is left out of the comparison",
        "Collect the page of the policy itself",
    )


__all__ = ["Analyser", "Options", "Outcome", "add_findings", "add_standings", "run"]
