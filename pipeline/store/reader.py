"""Reading a store: versions, analyses, and SQL over tables, while a run may be writing to it.

A reader sees the store as the last run that ended left it. In SQL the tables `policies`, `sentences`, `clauses`,
`entities`, `findings`, `requirements` and `failures` are the data tables of that run, `policies` and the others below
`history` those of every version; `runs` has one row a run.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pipeline.errors import UnknownVersion
from pipeline.records import Analysis, Failure, Finding, Requirement
from pipeline.store import batches, catalogue, results, verdicts
from pipeline.store.results import Result
from pipeline.store.tables import TABLES
from pipeline.store.versions import Version, read_versions

if TYPE_CHECKING:
    import duckdb


class Store:
    """A store opened for reading; also a context manager that closes it. Made by `open_store`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._catalogue = catalogue.connect(folder)
        self._fingerprints = results.published(self._catalogue)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the catalogue and of DuckDB."""
        self._catalogue.close()
        if "duckdb" in self.__dict__:
            self.duckdb.close()

    @property
    def as_of(self) -> date:
        """The day by whose law the last run judged."""
        rows = self._catalogue.execute("SELECT as_of FROM runs WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1")
        return date.fromisoformat(rows.fetchone()[0])

    def vendors(self) -> list[str]:
        """Every vendor of which there is or was a document, in order of name."""
        return [row[0] for row in self._catalogue.execute("SELECT DISTINCT vendor FROM versions ORDER BY vendor")]

    def versions(self, vendor: str | None = None) -> list[Version]:
        """The versions of a vendor, oldest first; of every vendor where none is named. Empty for an unknown vendor."""
        if vendor is None:
            return read_versions(self._catalogue)
        return read_versions(self._catalogue, "v.vendor = ?", (vendor,))

    def unsettled(self, run: int) -> list[Version]:
        """The versions of the vendors of which the run brought any, or has one that does not stand, as `versions`."""
        moved = "since_run = ? OR (present AND (quarantine IS NOT NULL OR NOT stands))"
        return read_versions(
            self._catalogue, f"v.vendor IN (SELECT vendor FROM versions WHERE {moved})", (run,)
        )  # fmt: skip

    def version(self, doc_id: str, version: str | None = None) -> Version:
        """A version of a document by the first digits of its hash; that in the data tables where none is named.

        Raises `UnknownVersion`.
        """
        found = read_versions(self._catalogue, "v.doc_id = ?", (doc_id,))
        wanted = [v for v in found if (v.sha256.startswith(version) if version else v.stands)] or found
        if not wanted or (version and not wanted[-1].sha256.startswith(version)):
            raise UnknownVersion(
                f"{doc_id} {version or ''}".strip(), "not in the store", "See what is there: vnpolicy status"
            )
        return wanted[-1]

    def analysis(self, version: Version) -> Analysis:
        """All that was found in a version, with the pipeline of the last run where that has read it."""
        return results.analysis(self.folder, version, self._results(version))

    def findings(self, version: Version, made_with: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
        """The answers of a version, one an attribute; `made_with` chooses those of an earlier run's pipeline."""
        return results.findings(self.folder, version, self._results(version, made_with))

    def has(self, version: Version, made_with: Mapping[str, str] | None = None) -> bool:
        """Whether every stage has read a version; with the pipeline of these fingerprints, where any are given."""
        fingerprints = made_with or self._fingerprints
        found = results.read_results(self._catalogue, fingerprints, [version.content]).get(version.content, {})
        if any(stage not in found for stage in TABLES):
            return False
        return made_with is None or found["compare"].fingerprint == made_with["compare"]

    def is_policy(self, version: Version) -> bool:
        """Whether the pipeline of the last run has read a version and taken it for a privacy policy."""
        if not self.has(version, self._fingerprints):
            return False
        return "not_policy" not in self._results(version)["classify"].facts["flags"]

    def requirements(self, version: Version) -> tuple[Requirement, ...]:
        """What a version has of what the law asks for, on the day `as_of` of the last run."""
        return results.requirements(self.folder, version, self._results(version))

    def analyses(self) -> Iterator[Analysis]:
        """The analyses in the data tables of the last run, one at a time, in order of document."""
        standing = sorted((v for v in self.versions() if v.stands), key=lambda v: v.doc_id)
        return (self.analysis(version) for version in standing)

    def failures(self) -> list[Failure]:
        """What the last run could not do."""
        rows = self._catalogue.execute(
            "SELECT source, stage, error, message, first_seen FROM failures WHERE present ORDER BY source"
        )
        return [Failure(**dict(row)) for row in rows]

    def runs(self) -> list[Mapping[str, object]]:
        """Every run, oldest first: `started`, `ended` (`None` where it was killed), `source`, `as_of`, `facts`,
        `fingerprints` by stage.
        """
        rows = self._catalogue.execute("SELECT * FROM runs ORDER BY id")
        return [{**dict(r), **{name: json.loads(r[name]) for name in ("facts", "fingerprints")}} for r in rows]

    def verdicts(self) -> list[verdicts.Verdict]:
        """What reviewers said, in the order in which it came."""
        return verdicts.read(self._catalogue)

    @property
    def identity(self) -> str:
        """What tells this store from any other."""
        return verdicts.identity(self._catalogue)

    def connected(self, versions: Sequence[Version] | None = None) -> "duckdb.DuckDBPyConnection":
        """Another DuckDB with the views, of some versions or of all; the caller closes it."""
        from pipeline.store.views import connect

        return connect(self.folder, self._catalogue, self._fingerprints, versions)

    def made_with(self) -> Mapping[str, Mapping[str, str]]:
        """The fingerprints, by stage, with which was made what is shown of each content."""
        return results.made_with(self._catalogue, self._fingerprints)

    def sql(self, query: str) -> "duckdb.DuckDBPyRelation":
        """The answer of DuckDB to a query; `.fetchall()`, `.arrow()`, or `.df()` where pandas is installed."""
        return self.duckdb.sql(query)

    @cached_property
    def duckdb(self) -> "duckdb.DuckDBPyConnection":
        """A DuckDB in memory with the views; nothing done there reaches the store."""
        return self.connected()

    def _results(self, version: Version, made_with: Mapping[str, str] | None = None) -> Mapping[str, Result]:
        fingerprints = made_with or self._fingerprints
        found = results.read_results(self._catalogue, fingerprints, [version.content]).get(version.content, {})
        missing = [TABLES[stage] for stage in TABLES if stage not in found]
        if missing:
            raise UnknownVersion(
                f"{version.doc_id} {version.version}", f"no {missing[0]} of it are stored", batches.REMEDY
            )
        return found
