"""Invented texts on which several test modules run the pipeline: a policy, and two that are none."""

SHOP = """CHÍNH SÁCH BẢO MẬT THÔNG TIN

1. Mục đích thu thập thông tin

Cửa hàng Lá Xanh thu thập họ tên, số điện thoại và địa chỉ của khách hàng để giao hàng và chăm sóc sau bán.

2. Thời gian lưu trữ

Thông tin cá nhân của khách hàng được lưu trữ 24 tháng kể từ đơn hàng cuối cùng.

3. Chia sẻ thông tin

Chúng tôi không bán, chia sẻ thông tin cá nhân của khách hàng cho bất kỳ bên thứ ba nào.

4. Quyền của khách hàng

Khách hàng có quyền xem, chỉnh sửa hoặc yêu cầu xóa dữ liệu cá nhân của mình qua email hotro@laxanh.example.vn.

5. Liên hệ

CÔNG TY TNHH LÁ XANH
Địa chỉ: Số 12, đường Hoa Sữa, Phường 3, Quận 5, TP. Hồ Chí Minh
Hotline: 1900 6789
Email: hotro@laxanh.example.vn
"""
NEWS = """Giá gạo hôm nay

Sáng nay giá gạo ở miền Tây tăng nhẹ, thương lái thu mua chậm. Nông dân chờ giá lên cao hơn vào tuần sau.
"""
ENGLISH = (
    "We collect your name and your address when you place an order. We never share them with anyone else at all.\n"
)
