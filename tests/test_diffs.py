"""What changed in a store, over runs of the command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_diff import NEW, OLD

COMMAND = [sys.executable, "-m", "pipeline.cli"]
ERROR = "Lỗi 404\nKhông tìm thấy trang bạn yêu cầu.\nQuay lại trang chủ để xem chính sách bảo mật thông tin cá nhân."


def run(folder: Path) -> None:
    command = [*COMMAND, "run", str(folder / "raw"), "--out", str(folder / "out"), "--quiet", "--no-reports"]
    subprocess.run([*command, "--jobs", "1", "--fail-on", "never"], check=True, capture_output=True)


def diff(folder: Path, *options: str) -> list[dict[str, object]]:
    command = [*COMMAND, "diff", "--in", str(folder / "out"), "--format", "json", *options]
    return list(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory, trained: object) -> Path:
    """Two runs: one vendor's policy changed between them, another's page shows an error now."""
    folder = tmp_path_factory.mktemp("nightly")
    (folder / "raw" / "sen").mkdir(parents=True)
    (folder / "raw" / "sen" / "2026-01-10.txt").write_text(OLD, encoding="utf-8")
    (folder / "raw" / "mai.txt").write_text(OLD.replace("1900 6123", "1900 6124"), encoding="utf-8")
    run(folder)
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
    done = subprocess.run([*COMMAND, "diff", *options], capture_output=True, text=True)
    assert done.returncode == 2
    assert said in done.stderr
