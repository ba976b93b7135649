"""What the reports are made of, read from the store as they go through it, so that it need not fit into memory."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

from pipeline.batch import Batch
from pipeline.records import Finding
from pipeline.store.reader import Store
from pipeline.store.versions import Version

T = TypeVar("T")

HELD = 500
"""Documents up to which everything is held in memory: reading again is slower, and half a gigabyte is there."""


class Flat(Sequence[T]):
    """The records of many versions one after another, of which those of one version at a time are in memory."""

    def __init__(self, versions: Sequence[Version], read: Callable[[Version], Sequence[T]]) -> None:
        self._versions, self._read = versions, read
        self._length: int | None = None

    def __iter__(self) -> Iterator[T]:
        for version in self._versions:
            yield from self._read(version)

    def __len__(self) -> int:
        if self._length is None:
            self._length = sum(1 for _ in self)
        return self._length

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        return list(self)[place]


def batch_of(store: Store, findings: Callable[[Version], Sequence[Finding]] | None = None) -> Batch:
    """What the last run left, for the reports; `findings` says those of a version, as the run left them by default."""
    versions = sorted((v for v in store.versions() if v.stands), key=lambda v: v.place)
    batch = Batch(
        analyses=Flat(versions, lambda v: (store.analysis(v),)),
        findings=Flat(versions, findings or store.findings),
        requirements=Flat(versions, store.requirements),
        failures=store.failures(),
        compared=[v.doc_id for v in versions if v.compared],
        as_of=store.as_of,
    )
    if len(versions) <= HELD:
        batch.analyses, batch.findings = list(batch.analyses), list(batch.findings)
        batch.requirements = list(batch.requirements)
    return batch
