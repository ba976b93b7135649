"""`vnpolicy diff` and what it prints."""

import json
from pathlib import Path

import pytest
from command import vnpolicy

OLD = """Chính sách bảo mật
1. Lưu trữ
Nhật ký truy cập được lưu trữ trong 12 tháng.
2. Chia sẻ
Chúng tôi chia sẻ dữ liệu với các ngân hàng.
3. Liên hệ
Hotline: 1900 6123
Quý khách có quyền xem, chỉnh sửa và yêu cầu xóa thông tin cá nhân của mình.
"""
NEW = OLD.replace("12 tháng", "24 tháng").replace("ngân hàng.", "ngân hàng và đối tác quảng cáo.").replace("2.", "2)")


def diff(tmp_path: Path, new: str, *options: str) -> str:
    (tmp_path / "old.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.txt").write_text(new, encoding="utf-8")
    done = vnpolicy("diff", tmp_path / "old.txt", tmp_path / "new.txt", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("terminal", ["[-12 tháng-] → {+24 tháng+}", "trong [-12-]{+24+} tháng.", "hình thức: đánh số 1"]),
        ("markdown", ["~~12 tháng~~ → **24 tháng**", "trong ~~12~~**24** tháng.", "hình thức: đánh số 1"]),
        ("html", ["<del>12 tháng</del> → <ins>24 tháng</ins>", "trong <del>12</del><ins>24</ins> tháng."]),
    ],
)
def test_formats_for_people(form: str, said: list[str], tmp_path: Path, trained: object) -> None:
    printed = diff(tmp_path, NEW, "--format", form)
    assert not [words for words in said if words not in printed], printed


def test_json_has_everything(tmp_path: Path, trained: object) -> None:
    diff(tmp_path, NEW, "--format", "json", "--output", str(tmp_path / "out.json"))
    (found,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    said = {(c["level"], c["kind"], c["subject"], c["old"], c["new"]) for c in found["changes"]}
    assert ("value", "changed", "retention", "P12M", "P24M") in said
    assert ("value", "added", "recipients", None, "advertising_partners") in said
    assert "cosmetic" in {kind for _, kind, *_ in said}
    for change in found["changes"]:
        assert all(OLD[e["start"] : e["end"]] == e["quote"] for e in change["old_evidence"])


def test_cosmetic_edits_are_listed_on_demand(tmp_path: Path, trained: object) -> None:
    assert "[-2.-]{+2)+} Chia sẻ" not in diff(tmp_path, NEW)
    assert "2[-.-]{+)+} Chia sẻ" in diff(tmp_path, NEW, "--cosmetic")


def test_a_broken_scrape_is_named_and_nothing_called_removed(tmp_path: Path, trained: object) -> None:
    printed = diff(tmp_path, "Lỗi 404\nKhông tìm thấy trang bạn yêu cầu.")
    assert "the page shows an error" in printed
    assert "[-" not in printed


def test_equal_versions(tmp_path: Path, trained: object) -> None:
    assert "Không có thay đổi." in diff(tmp_path, OLD)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, trained: object) -> None:
    (tmp_path / "old.txt").write_text(OLD, encoding="utf-8")
    done = vnpolicy("diff", tmp_path / "old.txt", tmp_path / "old.txt", "--output", tmp_path / "nowhere" / "out.md")
    assert done.returncode == 2
    assert "out.md: cannot be written (No such file or directory)" in done.stderr
