"""The command as its users type it: on invented policies, on bad input, with wrong settings."""

import csv
import io
import json
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from command import COMMAND, rows, typed, vnpolicy
from conftest import Trained, write_gold
from invented import ENGLISH, NEWS, SHOP

from pipeline.artefact import load_model
from pipeline.cli import UNHEARD
from pipeline.cli.run import _progress


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CompletedProcess[str]]:
    """A run over one good policy and one of each kind of bad input."""
    folder = tmp_path_factory.mktemp("mixed")
    source = folder / "raw"
    (source / "lá xanh").mkdir(parents=True)
    (source / "lá xanh" / "2026-01-05.txt").write_text(SHOP, encoding="utf-8")
    (source / "empty.txt").write_bytes(b"")
    (source / "blank.txt").write_text(" \n\u200b\n", encoding="utf-8")
    (source / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (source / "broken.txt").write_bytes(bytes(range(128, 256)) * 50)
    (source / "english.txt").write_text(ENGLISH, encoding="utf-8")
    (source / "news.txt").write_text(NEWS, encoding="utf-8")
    (source / "page.docx").write_bytes(b"PK")
    with (source / "huge.txt").open("wb") as handle:
        handle.truncate(50_000_000)
    return folder / "out", typed("run", source, "--out", folder / "out")


def test_the_good_policy_is_finished_whatever_the_others_are(mixed) -> None:
    out, result = mixed
    assert result.returncode == 1
    found = {r["attribute"]: r for r in rows(out / "findings.csv") if r["vendor"] == "lá xanh"}
    assert found["retention"]["answer"] == "P24M"
    assert found["hotlines"]["answer"] == "+8419006789 (charged)"
    assert found["emails"]["answer"] == "hotro@laxanh.example.vn"
    assert found["organization"]["answer"] == "CÔNG TY TNHH LÁ XANH"
    assert found["third_party_sharing"]["answer"] == "never"
    assert found["deletion"]["status"] == "stated"
    assert found["cookies"]["status"] == "not_found"
    assert [r["vendor"] for r in rows(out / "comparison.csv")] == ["lá xanh"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("empty.txt", "EmptyFile"),
        ("blank.txt", "EmptyFile"),
        ("picture.txt", "BinaryFile"),
        ("broken.txt", "UndecodableText"),
        ("english.txt", "NotVietnamese"),
        ("news.txt", "NotAPolicy"),
        ("page.docx", "DamagedFile"),
        ("huge.txt", "FileTooLarge"),
    ],
)
def test_bad_input_is_a_failure_with_one_line(mixed, name: str, error: str) -> None:
    out, result = mixed
    assert {r["source"]: r["error"] for r in rows(out / "failures.csv")}[name] == error
    lines = [line for line in result.stderr.splitlines() if line.startswith(f"vnpolicy: {name}: ")]
    assert len(lines) == 1
    assert "Traceback" not in result.stderr


def test_a_flagged_text_is_kept_in_the_tables(mixed) -> None:
    out, _ = mixed
    policies = {r["doc_id"]: r for r in rows(out / "policies.csv")}
    assert "not_policy" in json.loads(policies["news"]["flags"])
    assert policies["news"]["compared"] == "False"
    assert policies["lá xanh/2026-01-05"]["vendor"] == "lá xanh"


def test_the_failure_says_what_the_page_is_instead(mixed) -> None:
    out, _ = mixed
    flags = next(json.loads(r["flags"]) for r in rows(out / "policies.csv") if r["doc_id"] == "news")
    message = {r["source"]: r["message"] for r in rows(out / "failures.csv")}["news.txt"]
    assert "article" in flags
    assert f"({flags['not_policy']:.2f}): it looks like an article ({flags['article']:.2f})" in message


def test_tables_agree_and_keep_offsets(mixed) -> None:
    import pyarrow.parquet as pq

    out, _ = mixed
    sentences = rows(out / "sentences.csv")
    for name in ("policies", "sentences", "clauses", "entities", "findings", "requirements", "failures"):
        table = pq.read_table(out / f"{name}.parquet")
        assert table.num_rows == len(rows(out / f"{name}.csv"))
        assert table.column_names == list(csv.DictReader((out / f"{name}.csv").open(encoding="utf-8")).fieldnames or [])
    for row in sentences:
        if row["doc_id"] == "lá xanh/2026-01-05":
            assert SHOP[int(row["start"]) : int(row["end"])] == row["text"]
    keys = {(r["doc_id"], r["index"]) for r in sentences}
    assert {(r["doc_id"], r["sentence"]) for r in rows(out / "clauses.csv")} == keys
    assert {(r["doc_id"], r["sentence"]) for r in rows(out / "entities.csv")} <= keys
    assert not list(out.glob("*.partial"))


def test_known_failures_do_not_fail_the_next_run(mixed) -> None:
    out, _ = mixed
    source = out.parent / "raw"
    before = {r["source"]: r["first_seen"] for r in rows(out / "failures.csv")}
    assert vnpolicy("run", source, "--out", out, "--quiet").returncode == 0
    assert vnpolicy("run", source, "--out", out, "--quiet", "--fail-on", "any").returncode == 1
    assert vnpolicy("run", source, "--out", out, "--quiet", "--fail-on", "never").returncode == 0
    assert {r["source"]: r["first_seen"] for r in rows(out / "failures.csv")} == before
    (source / "empty2.txt").write_bytes(b"")
    assert vnpolicy("run", source, "--out", out, "--quiet").returncode == 1


def test_a_policy_from_standard_input(tmp_path: Path) -> None:
    result = vnpolicy("run", "-", "--out", tmp_path / "out", stdin=SHOP)
    assert result.returncode == 0, result.stderr
    assert rows(tmp_path / "out" / "policies.csv")[0]["doc_id"] == "stdin"
    assert "24 tháng" in result.stdout
    assert str(tmp_path / "out" / "comparison.md") in result.stdout


def test_comparison_cells_are_no_formulas(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(SHOP, encoding="utf-8")
    (tmp_path / "raw" / "sources.csv").write_text("file,vendor,sector\na.txt,=cmd|x,bán lẻ\n", encoding="utf-8")
    assert vnpolicy("run", tmp_path / "raw", "--out", tmp_path / "out", "--quiet").returncode == 0
    assert (tmp_path / "out" / "comparison.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows(tmp_path / "out" / "comparison.csv")[0]["vendor"] == "'=cmd|x"
    assert rows(tmp_path / "out" / "findings.csv")[0]["vendor"] == "=cmd|x"
    assert json.loads(rows(tmp_path / "out" / "policies.csv")[0]["meta"]) == {"sector": "bán lẻ"}


def test_the_newest_version_stands_for_the_vendor(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "laxanh"
    folder.mkdir(parents=True)
    (folder / "2024-03-01.txt").write_text(SHOP, encoding="utf-8")
    (folder / "2025-03-01.txt").write_text(SHOP.replace("24 tháng", "36 tháng"), encoding="utf-8")
    assert vnpolicy("run", tmp_path / "raw", "--out", tmp_path / "out", "--quiet").returncode == 0
    compared = rows(tmp_path / "out" / "comparison.csv")
    assert [r["doc_id"] for r in compared] == ["laxanh/2025-03-01"]
    assert compared[0]["Thời gian lưu trữ (retention)"] == "36 tháng"
    assert len(rows(tmp_path / "out" / "policies.csv")) == 2


def test_running_twice_gives_the_same_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SHOP, encoding="utf-8")
    for out in ("one", "two"):
        assert vnpolicy("run", tmp_path / "a.txt", "--out", tmp_path / out, "--quiet").returncode == 0
    for path in (tmp_path / "one").iterdir():
        if path.is_file() and path.name != "run.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nowhere", "--out", "out"], "nowhere: no such file or folder"),
        (["run", "hollow", "--out", "out"], "hollow: the folder holds no files"),
        (["run", "raw", "--out", "raw/a.txt"], "cannot be written"),
        (["run", "raw", "--out", "out", "--model", "nomodel"], "Make it with: vnpolicy train"),
        (["run", "raw", "--out", "out", "--model", "othermodel"], "Make it with: vnpolicy train"),
        (["evaluate", "--gold", "nowhere"], "no labels/*.tsv there"),
        (["train", "--gold", "badgold", "--model", "m"], "a.tsv:2: unknown label 'purposes'"),
        (["train", "--gold", "cutgold", "--model", "m"], "a.tsv:1: 3 columns, 5 are wanted"),
    ],
)
def test_wrong_settings_stop_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    (tmp_path / "hollow").mkdir()
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(SHOP, encoding="utf-8")
    (tmp_path / "othermodel").mkdir()
    (tmp_path / "othermodel" / "model.skops").write_bytes(b"not a model")
    for name, labels in (("badgold", "0\t0\t5\th\tother\n1\t6\t9\ts\tpurposes\n"), ("cutgold", "0\t0\t5\n")):
        (tmp_path / name / "labels").mkdir(parents=True)
        (tmp_path / name / "text").mkdir()
        (tmp_path / name / "text" / "a.txt").write_text(SHOP, encoding="utf-8")
        (tmp_path / name / "labels" / "a.tsv").write_text(labels, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = vnpolicy(*arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) <= 2
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out" / "findings.csv").exists()


def test_help_is_quick_and_shows_examples() -> None:
    started = time.perf_counter()
    result = typed("--help")
    assert time.perf_counter() - started < 1.0  # 0.4 s on an idle machine, see `make bench`
    assert result.returncode == 0
    for name in ("run", "train", "evaluate"):
        assert name in result.stdout
        assert f"vnpolicy {name}" in vnpolicy(name, "--help").stdout
    assert vnpolicy().returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("review", "config"),
        ("run", "a.txt", "--out", "out"),
        ("diff", "a.txt", "b.txt"),
        ("diff", "a.txt", "b.txt", "--format", "json"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_command_ends_quietly_when_nobody_reads_on(
    tmp_path: Path, arguments: Sequence[str], unbuffered: str, trained: object
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(SHOP, encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    ended = subprocess.run(
        [*COMMAND, *arguments], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, env=environment, check=False
    )
    os.close(writer)
    assert ended.stderr == b""
    assert ended.returncode == (UNHEARD if not (unbuffered and "--help" in arguments) else 0)  # argparse ignores it


class Terminal(io.StringIO):
    """What stands for standard error of somebody who looks on."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("quiet", "shown"), [(False, True), (True, False)])
def test_a_bar_shows_on_a_terminal_how_far_a_run_is(quiet: bool, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal()
    monkeypatch.setattr("sys.stderr", seen)
    with _progress(quiet) as watch:
        watch("planned", work=4)
        watch("done", documents=3)
        watch("published")
    assert ("analysing" in seen.getvalue()) == shown
    assert ("75%" in seen.getvalue()) == shown


def test_training_says_what_it_learned_from_and_how_good_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Trained
) -> None:
    given = []
    monkeypatch.setattr("pipeline.train.train", lambda gold: given.append([d.doc_id for d in gold]) or small)
    gold = write_gold(tmp_path / "gold")
    result = vnpolicy("train", "--gold", gold, "--model", tmp_path / "made")
    assert result.returncode == 0, result.stderr
    assert given == [["gio-bien", "hoa-sen"]]
    assert result.stderr == "training on 2 policies\n"
    assert f"{tmp_path / 'made'}: {small[1]['data']['units']} units" in result.stdout
    assert f"macro-F1 {small[1]['cross_validation']['macro_f1']}" in result.stdout
    assert load_model(tmp_path / "made").vendors == set(small[1]["data"]["vendor_names"])


def test_status_says_what_a_run_would_do_and_compact_what_it_did(tmp_path: Path) -> None:
    source, out = tmp_path / "raw", tmp_path / "out"
    source.mkdir()
    (source / "lasen.txt").write_text(SHOP, encoding="utf-8")
    assert vnpolicy("run", source, "--out", out, "--quiet").returncode == 0
    assert vnpolicy("status", source, "--out", out).stdout == "1 documents up to date\n"
    assert vnpolicy("status", source, "--out", out, "--all").stdout.startswith("lasen\t")
    (source / "lasen.txt").write_text(SHOP.replace("24 tháng", "36 tháng"), encoding="utf-8")
    line, count = vnpolicy("status", source, "--out", out).stdout.splitlines()
    assert line.startswith("lasen\t")
    assert line.endswith("\traw..completeness: changed")
    assert count == "0 documents up to date"
    assert vnpolicy("run", source, "--out", out, "--quiet").returncode == 0
    assert vnpolicy("compact", "--out", out, "--remove", "nobody").returncode == 2
    done = vnpolicy("compact", "--out", out, "--remove", "lasen", "--prune", "2020-01-01", "--forget-damaged")
    assert done.returncode == 0, done.stderr
    assert "forgot 0 damaged batches\nforgot 0 versions\nforgot 2 versions of lasen\nmerged " in done.stdout
    assert vnpolicy("compact", "--out", tmp_path / "nowhere").returncode == 2
