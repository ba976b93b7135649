"""The data tables written from the files of the last run are, byte for byte, those that are written anew."""

import csv
import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import ENGLISH, NEWS, SHOP

from pipeline.errors import OutputError
from pipeline.run import Options, run
from pipeline.store import catalogue, export, footer, open_store, parts, pieces
from pipeline.store.writing import Notes

NAMES = [f"{first}{second}" for first in ("la", "ma", "sen") for second in ("an", "bao", "chi", "du")]
LONGER = SHOP.replace("24 tháng", "36 tháng")
FILES = [f"{table}.{suffix}" for table in export.EXPORTED for suffix in ("csv", "parquet")]


class Folder:
    """A folder of policies and the output of the runs over it; `made`: new parts and all parts of each table that the
    last run wrote.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.source, self.out = folder / "raw", folder / "out"
        self.made: dict[str, tuple[int, int]] = {}
        finish = export._Table.finish

        def told(table: export._Table) -> pieces.Pieces:
            self.made[table.name] = len(table.new), len(table.keys)
            return finish(table)

        monkeypatch.setattr(export._Table, "finish", told)

    def put(self, name: str, text: str) -> None:
        (self.source / name).parent.mkdir(exist_ok=True)
        (self.source / name).write_text(text, encoding="utf-8")

    def run(self) -> None:
        self.made.clear()
        run(str(self.source), self.out, Options(reports=False))

    def check(self) -> None:
        """Fails where the files are not those of an export from nothing."""
        made, anew = dict(self.made), self.out / "anew"
        anew.mkdir()
        with open_store(self.out) as store:
            export.export(store, anew)
        for file in FILES:
            assert (self.out / file).read_bytes() == (anew / file).read_bytes(), file
            if file.endswith("parquet"):
                assert pq.read_table(self.out / file).equals(pq.read_table(anew / file))
        shutil.rmtree(anew)
        assert not list(self.out.glob("*.partial*"))
        self.made = made


@pytest.fixture(scope="module", autouse=True)
def _small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "DOCUMENTS", 2)
        patch.setattr(export, "TOGETHER", 3)
        yield


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve policies of several parts, and one of two versions, run over once."""
    folder = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        made = Folder(folder, patch)
        made.source.mkdir()
        for name in NAMES:
            made.put(f"{name}.txt", SHOP.replace("laxanh", name))
        made.put("mai/2024-03-01.txt", SHOP)
        made.put("mai/2025-03-01.txt", LONGER)
        made.run()
        assert made.made["sentences"][0] == made.made["sentences"][1] > 4
        made.check()
    return folder


@pytest.fixture
def folder(once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return Folder(tmp_path, monkeypatch)


Step = Callable[[Folder], object]


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda f: f.put("labao.txt", LONGER), id="changed"),
        pytest.param(lambda f: (f.source / "machi.txt").unlink(), id="removed"),
        pytest.param(lambda f: (f.source / "laan.txt").unlink(), id="the first removed"),
        pytest.param(lambda f: (f.source / "sendu.txt").unlink(), id="the last removed"),
        pytest.param(lambda f: f.put("a.txt", SHOP), id="added in front"),
        pytest.param(lambda f: f.put("z.txt", SHOP), id="added behind"),
        pytest.param(lambda f: f.put("labao.txt", SHOP[:150]), id="put aside"),
        pytest.param(lambda f: f.put("labao.txt", NEWS * 5), id="no policy"),
        pytest.param(lambda f: f.put("en.txt", ENGLISH), id="failed"),
        pytest.param(lambda f: f.put("mai/2026-03-01.txt", SHOP.replace("24", "48")), id="another version"),
        pytest.param(lambda f: (f.source / "mai/2025-03-01.txt").unlink(), id="a version less"),
        pytest.param(lambda f: (f.source / "labao.txt").rename(f.source / "senan2.txt"), id="renamed"),
        pytest.param(lambda f: f.put("sources.csv", "file,vendor,sector\nlabao.txt,Lá,bán lẻ\n"), id="another vendor"),
        pytest.param(lambda f: f.put("sources.csv", "file,sector\nlabao.txt,bán lẻ\n"), id="said of it"),
        pytest.param(lambda f: f.put("labao.txt", SHOP.replace("laxanh", "laan")), id="a copy of another"),
        pytest.param(
            lambda f: (f.put("laan.txt", LONGER), f.put("sendu.txt", LONGER), (f.source / "machi.txt").unlink()),
            id="several",
        ),
    ],
)
def test_a_table_written_of_pieces_is_the_table_written_anew(folder: Folder, step: Step) -> None:
    before = {file: (folder.out / file).read_bytes() for file in FILES}
    step(folder)
    folder.run()
    assert any((folder.out / file).read_bytes() != content for file, content in before.items())
    assert all(new < count for table, (new, count) in folder.made.items() if table != "failures"), folder.made
    folder.check()
    for path in folder.source.rglob("*.txt"):  # and back, which is another night on what was written of pieces
        path.unlink()
    for name in NAMES:
        folder.put(f"{name}.txt", SHOP.replace("laxanh", name))
    folder.run()
    assert all(new < count for table, (new, count) in folder.made.items() if table != "failures"), folder.made
    folder.check()


def test_one_changed_document_makes_one_part_anew(folder: Folder) -> None:
    folder.put("labao.txt", LONGER)
    folder.run()
    assert set(folder.made) == set(export.EXPORTED) - {"failures"}
    assert {new for new, _ in folder.made.values()} == {1}


def _edited(path: Path) -> None:
    """Another letter, as an editor leaves it."""
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"\0" + content[-1:])


@pytest.mark.parametrize(
    ("step", "whole"),
    [
        pytest.param(lambda f: _edited(f.out / "sentences.csv"), {"sentences"}, id="CSV edited"),
        pytest.param(lambda f: _edited(f.out / "clauses.parquet"), {"clauses"}, id="Parquet edited"),
        pytest.param(lambda f: (f.out / "findings.csv").unlink(), {"findings"}, id="removed"),
        pytest.param(lambda f: (f.out / "entities.csv").write_bytes(b""), {"entities"}, id="emptied"),
        pytest.param(lambda f: os.utime(f.out / "policies.csv", (1, 1)), {"policies"}, id="another time"),
        pytest.param(lambda f: _note(f, "sentences", None), {"sentences"}, id="note lost"),
        pytest.param(lambda f: _note(f, "sentences", "no JSON"), {"sentences"}, id="note damaged"),
        pytest.param(lambda f: _note(f, "sentences", '{"code": "0"}'), {"sentences"}, id="other code"),
    ],
)
def test_a_table_that_is_not_as_it_was_written_is_made_anew(folder: Folder, step: Step, whole: set[str]) -> None:
    folder.put("labao.txt", LONGER)
    step(folder)
    folder.run()
    assert {table for table, (new, count) in folder.made.items() if new == count and table != "failures"} == whole
    folder.check()


def _note(folder: Folder, table: str, note: str | None) -> None:
    connection = catalogue.connect(folder.out / "store", write=True)
    notes = Notes(connection)
    notes.pop(f"pieces of {table}") if note is None else notes.update({f"pieces of {table}": note})
    connection.close()


@pytest.mark.parametrize("step", ["write_parquet", "write_csv", "note"])
def test_a_run_killed_while_it_writes_leaves_whole_files_and_the_next_one_the_right_ones(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = {file: (folder.out / file).read_bytes() for file in FILES}
    folder.put("labao.txt", LONGER)
    folder.put("a.txt", SHOP)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pieces, step, killed)
        with pytest.raises(KeyboardInterrupt):
            folder.run()
    left = {file for file, content in before.items() if (folder.out / file).read_bytes() != content}
    changed = {"write_parquet": set(), "write_csv": {"policies.parquet"}, "note": {"policies.parquet", "policies.csv"}}
    assert left == changed[step]
    folder.run()
    assert {table for table, (new, count) in folder.made.items() if new == count and table != "failures"} == (
        {"policies"} if left else set()
    )
    folder.check()


def test_a_full_disk_leaves_the_files_of_the_last_run(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file: (folder.out / file).read_bytes() for file in FILES}
    folder.put("labao.txt", LONGER)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pieces, "_copy_range", full)
        with pytest.raises(OutputError, match=r"policies\.parquet: cannot be written \(No space left on device\)"):
            folder.run()
    assert before == {file: (folder.out / file).read_bytes() for file in FILES}
    folder.run()
    folder.check()


def test_nothing_stands_any_more(folder: Folder) -> None:
    for path in folder.source.rglob("*.txt"):
        path.unlink()
    folder.put("en.txt", ENGLISH)
    folder.run()
    assert (folder.out / "sentences.csv").read_text(encoding="utf-8").count("\n") == 1
    folder.check()
    folder.put("labao.txt", LONGER)
    folder.run()
    folder.check()


CELLS = st.text(st.sampled_from('ab,"\n '), max_size=4)


@given(st.lists(st.lists(CELLS, max_size=3), max_size=4), st.integers(1, 9))
@settings(deadline=None)
def test_the_lines_of_each_part_are_found_though_cells_have_lines(given: list[list[str]], block: int) -> None:
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(["one", "two"])
    ends = [told.tell()]
    for part in given:
        writer.writerows([cell, "x"] for cell in part)
        ends.append(told.tell())
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(pieces, "BLOCK", block)
        path = Path(folder) / "lines.csv"
        path.write_text(told.getvalue(), encoding="utf-8", newline="")
        found = pieces.lengths(path, [len(part) for part in given])
        assert found == [last - first for first, last in pairwise([0, *ends])]
        with pytest.raises(ValueError, match="rows than were written"):
            pieces.lengths(path, [*map(len, given), 1])


def _parquet(groups: Sequence[pa.Table], **options: object) -> bytes:
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, groups[0].schema, compression="zstd", **options) as writer:
        for rows in groups:
            writer.write_table(rows, row_group_size=len(rows))
    return bytes(sink.getvalue().to_pybytes())


def _rows(count: int, seed: int) -> pa.Table:
    words = [None if n % 7 == 0 else f"{n * seed}" * (n % 5) for n in range(count)]
    return pa.table(
        {
            "text": pa.array(words, pa.string()),
            "number": pa.array([n * seed**3 for n in range(count)], pa.int64()),
            "share": pa.array([n / seed for n in range(count)], pa.float64()),
            "truth": pa.array([n % seed == 0 for n in range(count)], pa.bool_()),
            "none": pa.array([None] * count, pa.string()),
        }
    )


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 99)), min_size=1, max_size=20), st.randoms())
@settings(deadline=None, max_examples=40)
def test_moved_row_groups_make_the_file_that_would_be_written_of_them(shapes: list[tuple[int, int]], rng) -> None:  # type: ignore[no-untyped-def]
    tables = [_rows(*shape) for shape in shapes]
    old = _parquet(tables)
    said, groups = footer.read(io.BytesIO(old))
    order = [rng.randrange(len(tables)) for _ in range(rng.randrange(20))]
    moved = b"".join(old[groups[n].offset : groups[n].offset + groups[n].length] for n in order)
    made = footer.MAGIC + moved + footer.written(said, [groups[n] for n in order])
    if order:
        assert made == _parquet([tables[n] for n in order])
    assert pq.read_table(pa.BufferReader(made)).num_rows == sum(tables[n].num_rows for n in order)


def test_row_groups_whose_columns_do_not_follow_each_other_are_refused() -> None:
    said, (group,) = footer.read(io.BytesIO(_parquet([_rows(9, 2)])))
    columns = group.said[1][1][1]
    kind, size = columns[0][3][1][7]  # what the first column takes, in bytes
    columns[0][3][1][7] = kind, size - 1
    with pytest.raises(ValueError, match="between the columns"):
        footer.read(io.BytesIO(footer.MAGIC + b"0" * group.length + footer.written(said, [group])))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PAR1",
        b"doc_id,text\n",
        _parquet([_rows(3, 2)])[:-1],
        _parquet([_rows(3, 2)])[:-40] + b"\xff" * 32 + _parquet([_rows(3, 2)])[-8:],
        _parquet([_rows(3, 2)], write_page_index=True),
    ],
    ids=["empty", "head", "CSV", "cut", "damaged", "page index"],
)
def test_what_cannot_be_moved_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"footer|indexes"):
        footer.read(io.BytesIO(content))
