"""What changed in a store, over runs of the command."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from command import COMMAND, vnpolicy
from test_diff import NEW, OLD

from pipeline import fingerprint
from pipeline.render import data
from pipeline.render.diff import NOTHING
from pipeline.render.tables import COLUMNS, Row
from pipeline.run import Options, diffs
from pipeline.run import run as run_once
from pipeline.store import open_store

ERROR = "Lỗi 404\nKhông tìm thấy trang bạn yêu cầu.\nQuay lại trang chủ để xem chính sách bảo mật thông tin cá nhân."


def run(folder: Path, *options: str) -> None:
    command = ["run", folder / "raw", "--out", folder / "out", "--quiet", "--jobs", "1", "--fail-on", "never"]
    assert vnpolicy(*command, *options).returncode == 0


def table(folder: Path) -> list[Row]:
    return data.read("changes", folder / "out")


def diff(folder: Path, *options: str) -> list[dict[str, object]]:
    done = vnpolicy("diff", "--in", folder / "out", "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory, trained: object) -> Path:
    """Two runs: one vendor's policy changed between them, another's page shows an error now."""
    folder = tmp_path_factory.mktemp("nightly")
    (folder / "raw" / "sen").mkdir(parents=True)
    (folder / "raw" / "sen" / "2026-01-10.txt").write_text(OLD, encoding="utf-8")
    (folder / "raw" / "mai.txt").write_text(OLD.replace("1900 6123", "1900 6124"), encoding="utf-8")
    run(folder)
    assert table(folder) == []
    assert NOTHING in (folder / "out" / "comparison.md").read_text(encoding="utf-8")
    (folder / "raw" / "sen" / "2026-05-20.txt").write_text(NEW, encoding="utf-8")
    (folder / "raw" / "mai.txt").write_text(ERROR, encoding="utf-8")
    run(folder)
    return folder


def test_since_the_last_run(nightly: Path) -> None:
    mai, sen = diff(nightly)
    assert mai["quarantine"]["reason"] == "error_page"  # type: ignore[index]
    assert mai["changes"] == []
    said = [(c["subject"], c["old"], c["new"]) for c in sen["changes"] if c["level"] == "value"]  # type: ignore[attr-defined]
    assert said[0] == ("retention", "P12M", "P24M")


def test_the_table_of_changes(nightly: Path) -> None:
    aside, *rest = table(nightly)
    assert (aside["vendor"], aside["level"], aside["kind"]) == ("mai", "version", "quarantined")
    assert aside["subject"] == "error_page"
    assert aside["old_version"] != aside["new_version"]
    retention = next(row for row in rest if (row["level"], row["subject"]) == ("value", "retention"))
    assert (retention["old"], retention["new"]) == ("P12M", "P24M")
    for side in ("old", "new"):
        text = (nightly / "raw" / retention[f"{side}_source"]).read_text(encoding="utf-8")
        (evidence,) = json.loads(retention[f"{side}_evidence"])
        assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert {row["kind"] for row in rest if row["level"] == "clause"} == {"changed", "cosmetic"}
    parquet = pq.read_table(nightly / "out" / "changes.parquet")
    assert (parquet.column_names, parquet.num_rows) == (list(COLUMNS["changes"]), 1 + len(rest))


def test_the_reports_say_what_changed_and_what_is_a_broken_scrape(nightly: Path) -> None:
    said = (nightly / "out" / "comparison.md").read_text(encoding="utf-8")
    assert "**Thời gian lưu trữ** (đổi): ~~12 tháng~~ → **24 tháng**" in said
    assert "Bản tải hỏng, được để riêng: trang báo lỗi; còn 0% số câu" in said
    page = (nightly / "out" / "report.html").read_text(encoding="utf-8")
    assert "<del>12 tháng</del>" in page
    assert "Bản tải hỏng, được để riêng: trang báo lỗi" in page
    assert "the page shows an error" not in said + page
    sheet = openpyxl.load_workbook(nightly / "out" / "comparison.xlsx")["Thay đổi"]
    rows = sheet.iter_rows(min_row=3, values_only=True)
    assert ("sen", "câu trả lời", "đổi", "12 tháng", "24 tháng") in {(r[0], r[2], r[3], r[5], r[6]) for r in rows}


def test_a_night_without_news_says_so_but_keeps_what_is_put_aside(
    tmp_path: Path, trained: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    names = ("sen", "mai", "lan")
    for name in names:
        (tmp_path / "raw" / f"{name}.txt").write_text(OLD, encoding="utf-8")
    nights = [{}, {"sen": NEW, "mai": ERROR}, {}, {"mai": OLD}]
    aligned: list[str] = []
    monkeypatch.setattr(diffs, "changes", lambda old, *rest: aligned.append(old.policy.vendor) or ())
    kinds = []
    for night in nights:
        for name, text in night.items():
            (tmp_path / "raw" / f"{name}.txt").write_text(text, encoding="utf-8")
        run_once(str(tmp_path / "raw"), tmp_path / "out", Options(jobs=1, reports=False))
        kinds.append([(row["vendor"], row["kind"]) for row in table(tmp_path)])
    assert kinds == [[], [("mai", "quarantined")], [("mai", "quarantined")], []]
    assert aligned == ["sen"], "documents that did not change are not aligned"


def test_between_days_and_by_vendor(nightly: Path) -> None:
    (found,) = diff(nightly, "--vendor", "sen", "--from", "2026-02-01", "--to", "2026-06-01")
    assert found["old"]["source"] == "sen/2026-01-10.txt"  # type: ignore[index]
    assert diff(nightly, "--vendor", "sen", "--from", "2026-02-01", "--to", "2026-03-01") == []


def test_two_versions_by_their_hashes(nightly: Path) -> None:
    (found,) = diff(nightly, "--vendor", "sen", "--from", "2026-02-01", "--to", "2026-06-01")
    old, new = (found[side]["version"] for side in ("old", "new"))  # type: ignore[index]
    assert diff(nightly, old, new)[0]["changes"] == found["changes"]


def test_no_upgrade_no_changes(nightly: Path) -> None:
    assert diff(nightly, "--upgrade") == []


def test_an_upgrade_shows_the_answers_that_it_changed(
    tmp_path: Path, trained: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is copied and its list of recipients loses one: another fingerprint, and another answer."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "sen.txt").write_text(NEW, encoding="utf-8")
    (tmp_path / "raw" / "mai.txt").write_text(OLD, encoding="utf-8")
    options = ["run", str(tmp_path / "raw"), "--out", str(tmp_path / "out"), "--no-reports", "--quiet", "--jobs", "1"]
    copy = tmp_path / "package"
    shutil.copytree(fingerprint.PACKAGE, copy / "pipeline", ignore=shutil.ignore_patterns("__pycache__", "static"))
    (copy / "models").symlink_to(fingerprint.PACKAGE.parent / "models")
    words = copy / "pipeline" / "vocabulary" / "recipients.toml"
    said = words.read_text(encoding="utf-8")
    assert "đối tác quảng cáo" in said
    words.write_text(said.replace("đối tác quảng cáo", "đối tác chưa kể"), encoding="utf-8")
    subprocess.run([*COMMAND, *options], check=True, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)})
    run(tmp_path, "--no-reports")
    (found,) = diff(tmp_path, "--upgrade")
    assert found["vendor"] == "sen"
    assert [(c["subject"], c["kind"]) for c in found["changes"]] == [("recipients", "changed")]  # type: ignore[attr-defined]
    (change,) = found["changes"]  # type: ignore[misc]
    assert change["old_version"] == change["new_version"]
    assert "advertising_partners" in change["new"]
    assert "advertising_partners" not in change["old"]
    assert table(tmp_path) == [], "a change of the pipeline is never shown as a vendor's"
    with open_store(tmp_path / "out") as store:
        assert list(diffs.since_last_run(store)) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["one.txt"], "1 versions named"),
        (["--in", "OUT", "--from", "2026-01-01"], "one of --from and --to without the other"),
        (["--in", "OUT", "--upgrade", "a", "b"], "do not go together"),
        (["--in", "OUT", "77", "88"], "not in the store"),
    ],
)
def test_options_that_mean_nothing(options: list[str], said: str, nightly: Path) -> None:
    options = [str(nightly / "out") if option == "OUT" else option for option in options]
    done = vnpolicy("diff", *options)
    assert done.returncode == 2
    assert said in done.stderr
