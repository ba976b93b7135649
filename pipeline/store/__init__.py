"""The store: every version of every policy and what was found in it.

`OUT/store/` holds `catalogue.sqlite` (which batch holds what, versions, runs, failures, verdicts) and `batches/`, which
are immutable Parquet files. Readers see what the last run that ended left, and never block the one that writes.

    with open_store("build") as store:
        old, new = store.versions("Lá Xanh")[-2:]
        before, after = store.analysis(old), store.analysis(new)
        store.sql("SELECT vendor, answer FROM findings WHERE attribute = 'retention'").fetchall()
"""

from pathlib import Path

from pipeline.store.reader import Store
from pipeline.store.versions import Version

FOLDER = "store"
"""Its name in the output folder of a run."""


def open_store(path: str | Path) -> Store:
    """Opens a store for reading: `path` is the output folder of a run, or the folder `store` in it.

    Raises `StoreError` where there is none, where it is damaged or of a later version of this package.
    """
    folder = Path(path)
    return Store(folder / FOLDER if (folder / FOLDER).is_dir() else folder)


__all__ = ["FOLDER", "Store", "Version", "open_store"]
