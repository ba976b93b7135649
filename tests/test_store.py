"""The store: exact round trips, the data tables made from it, catalogues that must be refused, versions in order."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import DamagedStore, NewerStore, StoreError, StoreInUse, UnknownVersion
from pipeline.records import Clause, Entity, Evidence, Finding, Requirement, Sentence
from pipeline.render import data
from pipeline.render.tables import TABLES as ROWS
from pipeline.run import Options, run
from pipeline.store import batches, catalogue, compact, open_store, tables
from pipeline.store.export import EXPORTED
from pipeline.store.lazy import batch_of
from pipeline.store.lock import held
from pipeline.store.versions import Version, in_order

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
SHARE = st.floats(0, 1)
NUMBER = st.integers(0, 2**31 - 1)
EVIDENCE = st.lists(
    st.builds(Evidence, sentence=NUMBER, start=NUMBER, end=NUMBER, quote=TEXT), min_size=1, max_size=2
).map(tuple)


def sentence(text: str, index: int, start: int, path: list[str], lead_in: int | None) -> Sentence:
    return Sentence(
        doc_id="d",
        index=index,
        start=start,
        end=start + len(text),
        text=text,
        kind="item",
        path=tuple(path),
        lead_in=lead_in,
    )


RECORDS = {
    "sentences": st.builds(
        sentence,
        TEXT.filter(bool),
        NUMBER,
        NUMBER.map(lambda n: n // 2),
        st.lists(TEXT, max_size=2),
        st.none() | NUMBER,
    ),
    "entities": st.builds(
        Entity,
        doc_id=st.just("d"),
        sentence=NUMBER,
        kind=TEXT,
        start=NUMBER,
        end=NUMBER,
        text=TEXT,
        value=TEXT,
        detail=st.dictionaries(TEXT, TEXT, max_size=2),
        rule=TEXT,
    ),
    "clauses": st.builds(
        Clause,
        doc_id=st.just("d"),
        sentence=NUMBER,
        label=TEXT,
        score=SHARE,
        primary=st.booleans(),
        unsure=st.booleans(),
    ),
    "findings": st.builds(
        Finding,
        doc_id=st.just("d"),
        attribute=TEXT,
        status=st.just("stated"),
        answer=st.lists(TEXT, min_size=1, max_size=2).map(tuple),
        evidence=EVIDENCE,
        confidence=SHARE,
    ),
    "requirements": st.builds(
        Requirement,
        doc_id=st.just("d"),
        regime=TEXT,
        element=TEXT,
        status=st.just("met"),
        evidence=EVIDENCE | st.just(()),
    ),
}


@pytest.mark.parametrize("table", RECORDS)
@given(st.data())
@settings(max_examples=50, deadline=None)
def test_records_come_back_as_they_were(table: str, drawn: st.DataObject) -> None:
    written = tuple(drawn.draw(st.lists(RECORDS[table], max_size=4)))
    rows = tables.rows(table, "c.txt", written)
    assert rows.column("content").to_pylist() == ["c.txt"] * len(written)
    assert tables.records(table, "d", rows.to_pylist()) == written


def test_a_batch_gives_the_rows_of_one_content_in_order(tmp_path: Path) -> None:
    clauses = {
        f"{number:02}.txt": [
            Clause(doc_id="d", sentence=i, label=f"{number}", score=0.5, primary=True, unsure=False)
            for i in range(number)
        ]
        for number in range(30)
    }
    made = {content: tables.rows("clauses", content, found) for content, found in clauses.items()}
    written = batches.write(tmp_path, "classify", "f", made)
    assert written.rows == {content: len(found) for content, found in clauses.items()}
    for content, found in clauses.items():
        assert tables.records("clauses", "d", batches.read(tmp_path, written.name, content)) == tuple(found)
    assert [path.name for path in (tmp_path / "batches").iterdir()] == [written.name]


def test_the_same_rows_make_the_same_batch(tmp_path: Path) -> None:
    row = tables.rows("clauses", "a.txt", [])
    one, two = (batches.write(tmp_path / name, "classify", "f", {"a.txt": row}) for name in "ab")
    assert one == two
    assert (
        batches.path_of(tmp_path / "a", one.name).read_bytes() == batches.path_of(tmp_path / "b", two.name).read_bytes()
    )


SHOPS = Path(__file__).parent.parent / "data" / "raw"


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run over the five policies of data/raw."""
    out = tmp_path_factory.mktemp("five")
    run(str(SHOPS), out)
    return out


def test_the_store_gives_the_analyses_that_the_stages_make(five: Path) -> None:
    from pipeline.api import compare
    from pipeline.ingest import read
    from pipeline.run import Analyser
    from pipeline.sources import discover

    analyser = Analyser()
    with open_store(five) as store:
        made = {v.doc_id: (store.analysis(v), store.findings(v), store.requirements(v)) for v in store.versions()}
    assert len(made) == 5
    for document in discover(str(SHOPS)):
        analysis = analyser(read(document))
        batch = compare([analysis])
        assert made[document.doc_id] == (analysis, tuple(batch.findings), tuple(batch.requirements))


@pytest.mark.parametrize("table", EXPORTED)
def test_exported_tables_are_those_of_the_records(five: Path, tmp_path: Path, table: str) -> None:
    import pyarrow.parquet as pq

    with open_store(five) as store:
        rows = ROWS[table](batch_of(store))
    data.csv(table, rows, tmp_path / "t.csv")
    data.parquet(table, rows, tmp_path / "t.parquet")
    assert (five / f"{table}.csv").read_bytes() == (tmp_path / "t.csv").read_bytes()
    exported, made = pq.read_table(five / f"{table}.parquet"), pq.read_table(tmp_path / "t.parquet")
    assert list(zip(exported.schema.names, exported.schema.types, strict=True)) == list(
        zip(made.schema.names, made.schema.types, strict=True)
    )
    assert exported.to_pylist() == made.to_pylist()


def test_a_store_is_read_with_sql(five: Path) -> None:
    with open_store(five) as store:
        asked = "SELECT doc_id, count(*) AS n FROM sentences GROUP BY ALL ORDER BY n DESC LIMIT 1"
        longest = max(((a.policy.doc_id, len(a.sentences)) for a in store.analyses()), key=lambda pair: pair[1])
        assert store.sql(asked).fetchall() == [longest]
        assert store.sql("SELECT count(*) FROM policies").fetchall() == [(5,)]
        now, ever = (store.sql(f"SELECT count(*) FROM {table}") for table in ("findings", "history.findings"))
        assert now.fetchall() == ever.fetchall()
        assert store.vendors() == ["1BOSS", "KiotViet", "MODORO", "Vạn sự thông", "oneSME"]


def test_an_unknown_version_is_refused_by_name(five: Path) -> None:
    with open_store(five) as store:
        assert store.versions("nobody") == []
        assert store.version("modoro") == store.version("modoro", store.version("modoro").version)
        with pytest.raises(UnknownVersion, match=r"modoro 000000: not in the store"):
            store.version("modoro", "000000")
        with pytest.raises(UnknownVersion, match="nobody: not in the store"):
            store.version("nobody")


def version(doc_id: str = "a", **said: object) -> Version:
    known: Mapping[str, object] = {
        "doc_id": doc_id,
        "version": "0" * 12,
        "content": "0.txt",
        "sha256": "0" * 64,
        "vendor": "v",
        "source": f"{doc_id}.txt",
        "retrieved_at": None,
        "meta": {},
        "first_seen": "2026-03-01T00:00:00+00:00",
        "since": "2026-03-01T00:00:00+00:00",
        "since_run": 1,
        "last_seen": "2026-03-01T00:00:00+00:00",
        "present": True,
        "stands": True,
        "compared": True,
        "quarantine": None,
    }
    return Version(**{**known, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (version(retrieved_at="2025-01-01"), version(retrieved_at="2025-02-01")),
        (version("v/2024-12-31"), version("v/2025-01-01")),
        (version("v/20241231"), version("v/2025.01.01 (2)")),
        (version("v/2025-01-01", retrieved_at="2024-01-01"), version("v/2024-06-01")),  # what is said counts first
        (version("v/2025-01-01"), version("v/b")),  # without a date: of the day it was first seen
        (version("v/b"), version("v/2026-04-01")),
        (version(since_run=1), version(since_run=2)),
        (version(since_run=3, retrieved_at="2025-01-01"), version(since_run=4, retrieved_at="2025-01-01")),
        (version("a"), version("b")),
        (version("v/2025-02-30"), version("v/2026-03-02")),  # no date: of the day it was first seen
    ],
)
def test_versions_follow_each_other(older: Version, newer: Version) -> None:
    assert in_order([newer, older]) == [older, newer]


@pytest.fixture
def spoilt(five: Path, tmp_path: Path) -> Path:
    """A copy of the store that a test may spoil."""
    shutil.copytree(five, tmp_path / "out")
    return tmp_path / "out"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("lock", "-wal", "-shm"))
    }


def cut_catalogue(out: Path) -> None:
    path = catalogue.path_of(out / "store")
    path.write_bytes(path.read_bytes()[:5000])


def empty_catalogue(out: Path) -> None:
    catalogue.path_of(out / "store").write_bytes(b"")


def overwritten_catalogue(out: Path) -> None:
    catalogue.path_of(out / "store").write_bytes(b"no database" * 1000)


def newer_store(out: Path) -> None:
    with sqlite3.connect(catalogue.path_of(out / "store")) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def other_program(out: Path) -> None:
    with sqlite3.connect(catalogue.path_of(out / "store")) as connection:
        connection.execute("PRAGMA application_id = 1")
    connection.close()


def cut_batch(out: Path) -> None:
    path = next((out / "store" / "batches").glob("segment-*"))
    path.write_bytes(path.read_bytes()[:-100])


def lost_batch(out: Path) -> None:
    next((out / "store" / "batches").glob("classify-*")).unlink()


@pytest.mark.parametrize(
    ("spoil", "refusal", "said"),
    [
        (cut_catalogue, DamagedStore, "catalogue cannot be read"),
        (empty_catalogue, DamagedStore, "the catalogue is empty"),
        (overwritten_catalogue, DamagedStore, "catalogue cannot be read"),
        (newer_store, NewerStore, "a later version of vnpolicy wrote it"),
        (other_program, DamagedStore, "database of another program"),
        (cut_batch, DamagedStore, "not as it was written"),
        (lost_batch, DamagedStore, "the batch is missing"),
    ],
)
def test_a_damaged_or_newer_store_is_refused_and_left_alone(spoilt: Path, spoil, refusal: type, said: str) -> None:
    spoil(spoilt)
    before = contents(spoilt)
    with pytest.raises(refusal, match=said):
        run(str(SHOPS), spoilt)
    assert contents(spoilt) == before


def test_a_folder_without_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        open_store(tmp_path)


def test_a_store_of_an_earlier_version_is_migrated_after_a_backup(
    spoilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MIGRATIONS", (*catalogue.MIGRATIONS, "ALTER TABLE notes ADD COLUMN added TEXT"))
    with pytest.raises(StoreError, match="of an earlier version"):
        open_store(spoilt)
    run(str(SHOPS), spoilt)
    with sqlite3.connect(spoilt / "store" / f"catalogue-before-{len(catalogue.MIGRATIONS)}.sqlite") as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (len(catalogue.MIGRATIONS) - 1,)
        assert backup.execute("SELECT count(*) FROM versions").fetchone() == (5,)
    backup.close()
    with open_store(spoilt) as store:
        assert len(store.versions()) == 5


def test_two_runs_do_not_meet(five: Path) -> None:
    import os

    with held(five / "store"), pytest.raises(StoreInUse, match=rf"process {os.getpid()} on .*, started 20"):
        run(str(SHOPS), five)
    run(str(SHOPS), five)


def test_compaction_keeps_everything_that_is_read(tmp_path: Path) -> None:
    source, out = tmp_path / "raw", tmp_path / "out"
    source.mkdir()
    for number, path in enumerate(sorted(SHOPS.glob("*.txt"))[:3]):
        (source / f"{number}.txt").write_bytes(path.read_bytes())
        run(str(source), out, Options(reports=False))
    with open_store(out) as store:
        before = {v.doc_id: (store.analysis(v), store.findings(v)) for v in store.versions()}
        with closing(catalogue.connect(out / "store", write=True)) as connection:
            done = compact.compact(connection, out / "store")
            assert (done.merged, done.made, done.removed) == (21, 7, 0)
            assert compact.compact(connection, out / "store").merged == 0
        assert len(store.sql("SELECT * FROM sentences").fetchall()) > 50  # who reads meanwhile goes on reading
    with open_store(out) as store:
        assert {v.doc_id: (store.analysis(v), store.findings(v)) for v in store.versions()} == before
    assert run(str(source), out, Options(reports=False)).facts["counts"]["analysed"] == 0
    with closing(catalogue.connect(out / "store", write=True)) as connection:
        connection.execute("UPDATE batches SET retired_at = '2020-01-01' WHERE retired_at IS NOT NULL")
        assert compact.clean(connection, out / "store") == 21
    assert len(list((out / "store" / "batches").iterdir())) == 7


def test_versions_are_pruned_and_vendors_removed(spoilt: Path, tmp_path: Path) -> None:
    with closing(catalogue.connect(spoilt / "store", write=True)) as connection:
        assert compact.prune(connection, "2999-01-01") == 0  # what is there stays
        assert compact.remove_vendor(connection, "MODORO") == 1
        with pytest.raises(UnknownVersion, match="MODORO: no such vendor"):
            compact.remove_vendor(connection, "MODORO")
        compact.compact(connection, spoilt / "store")
    with open_store(spoilt) as store:
        assert "MODORO" not in store.vendors()
        assert store.sql("SELECT count(*) FROM history.sentences WHERE doc_id = 'modoro'").fetchall() == [(0,)]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "1boss.txt").write_bytes((SHOPS / "1boss.txt").read_bytes())
    run(str(tmp_path / "raw"), spoilt, Options(reports=False))
    with closing(catalogue.connect(spoilt / "store", write=True)) as connection:
        assert compact.prune(connection, "2999-01-01") == 3


def test_damaged_batches_are_forgotten_and_made_anew(spoilt: Path, five: Path) -> None:
    cut_batch(spoilt)
    with closing(catalogue.connect(spoilt / "store", write=True)) as connection:
        assert [name.split("-")[0] for name in compact.forget_damaged(connection, spoilt / "store")] == ["segment"]
    (spoilt / "sentences.csv").unlink()
    run(str(SHOPS), spoilt, Options(reports=False))
    assert (spoilt / "sentences.csv").read_bytes() == (five / "sentences.csv").read_bytes()


def test_the_queries_of_the_documentation_run(five: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "store.md").read_text(encoding="utf-8")
    queries = text.split("```sql\n")[1].split("```")[0].strip().split("\n")
    assert len(queries) == 4
    with open_store(five) as store:
        for query in queries:
            assert store.sql(query.rstrip(";")).fetchall(), query
