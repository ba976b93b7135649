"""What a text that is no privacy policy is instead, and what the failure says of it."""

import pytest

from pipeline.records import Policy
from pipeline.segment import segment
from pipeline.segment.page_kind import page_kind

SAID = {"doc_id": "a", "version": "", "vendor": "", "source": "", "sha256": "", "retrieved_at": None, "language": "vi"}

PAGES = [
    ("error_page", "Trang chủ\n\nLỗi 404\n\nKhông tìm thấy trang bạn cần. Mời bạn quay lại trang chủ.\n"),
    ("error_page", "503 Service Unavailable\n\nHệ thống tạm ngừng phục vụ, xin thử lại sau ít phút.\n"),
    ("error_page", "Rất tiếc!\n\nTrang này không còn nữa hoặc đường dẫn đã đổi.\n"),
    (
        "terms_of_sale",
        "Quy định mua hàng\n\nĐơn hàng trên 300.000 đồng được giao hàng miễn phí trong nội thành.\n\n"
        "Khách kiểm hàng trước khi thanh toán cho người giao.\n\nHàng còn nguyên tem được đổi trả trong 7 ngày.\n\n"
        "Tiền hoàn về tài khoản sau 5 ngày làm việc.\n\nMáy xay được bảo hành 12 tháng tại xưởng.\n",
    ),
    (
        "terms_of_sale",
        "Điều khoản bán vé\n\nVé đã mua không hoàn tiền nếu khách đến muộn.\n\n"
        "Giá vé đã gồm thuế, hóa đơn xuất trong ngày.\n\n"
        "Khách chuyển khoản đặt cọc một nửa giá trị.\n\nTrường hợp hủy đơn trước ba ngày, khách nhận lại tiền cọc.\n",
    ),
    (
        "article",
        "Nông dân bỏ lúa trồng sen\n\n"
        "Nhiều gia đình ở xã Hòa Bình chuyển ruộng trũng sang trồng sen từ đầu năm nay.\n\n"
        "Ông Tư cho biết mỗi sào thu gấp đôi trồng lúa.\n\nTheo chuyên gia, sen giữ nước tốt trong mùa khô.\n\n"
        "Tuy nhiên, người dân vẫn lo đầu ra chưa ổn định.\n",
    ),
    (
        "article",
        "Cách chọn nồi cơm điện\n\nBạn nên xem dung tích trước, gia đình bốn người cần khoảng 1,8 lít.\n\n"
        "Đừng chọn lòng nồi quá mỏng.\n\nHãy nhìn nhãn năng lượng: ví dụ nồi năm sao tốn ít điện hơn.\n\n"
        "Bước 1 khi mang về là rửa sạch lòng nồi.\n",
    ),
]


@pytest.mark.parametrize(("kind", "text"), PAGES)
def test_kind_of_a_page(kind: str, text: str) -> None:
    found = page_kind(segment(Policy(text=text, **SAID)))
    assert list(found) == [kind]
    assert found[kind] >= 0.5


def test_a_text_of_no_kind_has_none() -> None:
    assert page_kind(segment(Policy(text="Gió thổi qua đồi, mây trắng lững lờ trôi.\n", **SAID))) == {}
