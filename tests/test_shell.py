"""Pages that hold something in place of the policy, and that no policy is taken for one."""

from pathlib import Path

import pytest

from pipeline.records import Policy
from pipeline.segment import segment
from pipeline.segment.shell import shell

SAID = {"doc_id": "a", "version": "", "vendor": "", "source": "", "sha256": "", "retrieved_at": None, "language": "vi"}
DATA = Path(__file__).parent.parent / "data"

SHELLS = {
    "cookie wall": "Trang này dùng cookie để ghi nhớ lựa chọn của bạn. Bấm Đồng ý để chấp nhận mọi cookie.\nĐồng ý\n",
    "being written": "CHÍNH SÁCH BẢO MẬT\n\nNội dung đang được cập nhật, mời bạn ghé lại hôm khác.\n",
    "being built": "Bảo mật thông tin\n\nTrang này hiện đang xây dựng.\n",
    "scripts wanted": "Cửa hàng Mây\n\nVui lòng bật JavaScript để xem nội dung trang.\n",
    "loading": "Chính sách quyền riêng tư\n\nĐang tải dữ liệu, vui lòng chờ trong giây lát...\n",
}


def score(text: str) -> float:
    return shell(segment(Policy(text=text, **SAID)))


@pytest.mark.parametrize("text", SHELLS.values(), ids=SHELLS)
def test_shell(text: str) -> None:
    assert score(text) >= 0.5


def test_a_short_policy_is_no_shell() -> None:
    assert score("Bảo mật\n\nShop chỉ giữ tên và số điện thoại để giao hàng, không đưa cho ai khác.\n") == 0.0


def test_no_policy_of_the_corpus_is_a_shell() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(DATA.glob("annotated/text/*.txt"))]
    assert len(texts) > 150
    assert not any(map(score, texts))
