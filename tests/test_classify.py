"""Clauses: one main category a sentence, furniture apart, and pages that are no policy told from policies."""

import pytest
from conftest import Oracle, Trained, policy_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.artefact import Saved
from pipeline.classifier import ClauseClassifier
from pipeline.classify import MOST, UNSURE, classify, classify_all, clause_texts, not_policy
from pipeline.entities import extract
from pipeline.labels import label_ids
from pipeline.records import Clause, Entity, Sentence
from pipeline.segment import segment


def read(text: str, model: ClauseClassifier) -> tuple[tuple[Sentence, ...], tuple[Clause, ...]]:
    policy = policy_of(text)
    sentences = segment(policy)
    return sentences, classify(sentences, extract(policy, sentences), model)


def assert_in_order(sentences: tuple[Sentence, ...], clauses: tuple[Clause, ...]) -> None:
    assert [c.sentence for c in clauses if c.primary] == [s.index for s in sentences]
    assert [c.sentence for c in clauses] == sorted(c.sentence for c in clauses)
    furniture = {s.index for s in sentences if s.kind == "furniture"}
    for sentence in sentences:
        mine = [c for c in clauses if c.sentence == sentence.index]
        assert mine[0].primary
        assert len(mine) == len({c.label for c in mine}) <= MOST
    for clause in clauses:
        assert clause.label in label_ids()
        assert 0 <= clause.score <= 1
        assert not clause.unsure or (clause.primary and clause.score <= UNSURE)
        assert clause.primary or clause.label != "other"
        if clause.sentence in furniture:
            assert (clause.label, clause.score, clause.primary, clause.unsure) == ("other", 1.0, True, False)


def test_every_sentence_of_a_policy(small: Trained, annotated: list) -> None:
    for document in annotated[:4]:
        assert_in_order(*read(document.text, small[0]))


def test_policies_classified_together_have_the_clauses_that_they_have_alone(small: Trained, annotated: list) -> None:
    policies = [policy_of(document.text) for document in annotated[:3]]
    read = [(sentences := segment(policy), extract(policy, sentences)) for policy in policies]
    together = [read[0], ((), ()), *read[1:]]
    assert classify_all(together, small[0]) == [classify(*one, small[0]) for one in together]
    assert classify_all([], small[0]) == []


FRAGMENTS = st.sampled_from(
    [
        "1. Mục đích",
        "Chúng tôi thu thập:",
        "- họ tên;",
        "Dữ liệu được giữ 5 năm.",
        "Trang chủ | Giỏ hàng",
        "Xem thêm",
        "Gọi 1900 1234.",
        "",
        "a@b.example",
        "Không chia sẻ cho ai.",
        "© 2024 Mây",
        "?",
        "\xa0",
        "\u200b",
    ]
)


@given(st.lists(FRAGMENTS | st.text(max_size=8), max_size=10).map("\n".join))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text(small: Trained, text: str) -> None:
    assert_in_order(*read(text, small[0]))


def test_furniture_is_other_for_sure(small: Trained) -> None:
    text = (
        "Trang chủ | Sản phẩm | Giỏ hàng | Đăng nhập\n\nChính sách bảo mật\n\n"
        "Chúng tôi thu thập họ tên và số điện thoại của bạn.\n\n© 2024 Hoa Sen Mộc. All rights reserved."
    )
    sentences, clauses = read(text, small[0])
    assert "furniture" in {s.kind for s in sentences}
    assert_in_order(sentences, clauses)


def test_the_likeliest_labels_are_given_and_three_at_the_most() -> None:
    text = "Chúng tôi thu thập họ tên của bạn."
    chances = {"retention": 0.9, "contact": 0.6, "cookies": 0.8, "changes": 0.7, "other": 0.95}
    model = Oracle({text: ",".join(chances)}, chances)
    assert [(c.label, c.primary, c.score) for c in read(text, model)[1]] == [
        ("retention", True, 1.0),
        ("cookies", False, 0.8),
        ("changes", False, 0.7),
    ]


def test_no_sentences_no_clauses(small: Trained) -> None:
    assert read("", small[0]) == ((), ())


def test_what_the_classifier_sees_of_a_sentence() -> None:
    def sentence(index: int, text: str, path: tuple[str, ...], lead_in: int | None = None) -> Sentence:
        return Sentence(
            doc_id="a", index=index, start=0, end=len(text), text=text, kind="body", path=path, lead_in=lead_in
        )

    def entity(kind: str, value: str) -> Entity:
        return Entity(doc_id="a", sentence=1, kind=kind, start=0, end=1, text="x", value=value, rule="r")

    first, item = clause_texts(
        [sentence(0, "Chúng tôi giữ:", ()), sentence(1, "- họ tên", ("A", "B", "C"), 0)],
        [entity("data_type", "name"), entity("email", "a@b.example"), entity("email", "c@d.example")],
        "p",
    )
    assert (first.text, first.heading, first.above, first.lead_in, first.found) == ("Chúng tôi giữ:", "", "", "", "")
    assert (item.text, item.heading, item.above, item.lead_in) == ("- họ tên", "C", "A B", "Chúng tôi giữ:")
    assert item.found.split() == ["kind_data_type", "kind_email", "value_data_type_name"]  # an address is no concept


def test_the_place_of_a_sentence_among_others() -> None:
    policy = policy_of("Chính sách\n\n1. Lưu trữ\n\nHồ sơ được giữ 24 tháng.\n\n2. Liên hệ\n\nGọi số 1900 1234.\n")
    texts = clause_texts(segment(policy), (), "p")
    assert [unit.policy for unit in texts] == ["p"] * 5
    assert [unit.rank for unit in texts] == [0, 1, 2, 3, 4]
    assert [unit.under for unit in texts] == [-1, 0, 1, 0, 3]
    assert [unit.is_heading for unit in texts] == [True, True, False, True, False]


SENTENCES = {
    "Khi đăng ký, quý khách điền họ tên, ngày sinh và số điện thoại.": "data_collected",
    "Số điện thoại được dùng để báo giờ giao hàng và xử lý đơn hàng.": "purpose",
    "Thông tin được lưu trữ trong 24 tháng kể từ ngày đặt hàng cuối cùng.": "retention",
    "Chúng tôi không bán hay cho bên thứ ba nào thuê thông tin của quý khách.": "disclosure",
    "Dữ liệu có thể được chuyển ra nước ngoài và lưu tại máy chủ ở Nhật Bản.": "cross_border",
    "Quý khách có quyền yêu cầu chỉnh sửa hoặc xóa dữ liệu cá nhân của mình.": "user_rights",
    "Mọi khiếu nại được giải quyết trong vòng 7 ngày làm việc.": "complaints",
    "Dữ liệu thanh toán được mã hóa và chỉ nhân viên được phân quyền mới truy cập.": "security",
    "Trang web dùng cookie để nhớ giỏ hàng trên trình duyệt của bạn.": "cookies",
    "Muốn ngừng nhận tin khuyến mãi, bạn bấm Hủy đăng ký ở cuối thư.": "marketing",
    "Chúng tôi không thu thập thông tin của trẻ em dưới 16 tuổi khi chưa có cha mẹ đồng ý.": "children",
    "Chúng tôi có thể sửa đổi chính sách này và sẽ đăng bản mới trên trang web.": "changes",
    "Người dùng phải giữ kín mật khẩu và không cho người khác mượn tài khoản.": "user_duties",
}


@pytest.mark.parametrize(("text", "label"), SENTENCES.items(), ids=SENTENCES.values())
def test_plain_sentence_of_a_category(trained: Saved, text: str, label: str) -> None:
    (clause, *_) = read(text, trained.model)[1]
    assert clause.label == label


PAGES = {
    "news": """Giá cà phê Tây Nguyên tăng phiên thứ ba liên tiếp
Sáng nay, giá cà phê nhân xô tại Đắk Lắk đạt 118.000 đồng một kg, tăng 1.500 đồng so với hôm qua.
Theo hiệp hội ngành hàng, mưa kéo dài khiến việc thu hoạch chậm lại, trong khi các nhà xuất khẩu cần hàng gấp.
Tại Gia Lai, nhiều nông dân chưa vội bán vì tin rằng giá sẽ còn lên.
Ông Ba, chủ một vườn hai héc ta, nói rằng năm nay gia đình ông lãi gấp đôi năm ngoái.
Các chuyên gia cảnh báo giá có thể giảm khi vụ thu hoạch ở Brazil bắt đầu.
Xuất khẩu cà phê mười tháng đầu năm đạt 4,6 tỷ USD, mức cao nhất từ trước đến nay.""",
    "terms of sale": """Điều khoản mua bán
1. Đặt hàng
Khách hàng chọn sản phẩm, thêm vào giỏ và bấm Đặt hàng. Đơn hàng có hiệu lực khi cửa hàng xác nhận qua điện thoại.
2. Giá cả
Giá niêm yết đã gồm thuế giá trị gia tăng, chưa gồm phí giao hàng. Cửa hàng có quyền điều chỉnh giá mà không báo trước.
3. Thanh toán
Khách hàng trả tiền mặt khi nhận hàng hoặc chuyển khoản trước. Đơn trên 5 triệu đồng phải đặt cọc 30 %.
4. Hủy đơn
Đơn hàng được hủy miễn phí trước khi giao cho đơn vị vận chuyển. Sau đó khách hàng chịu phí vận chuyển hai chiều.
5. Đổi trả
Sản phẩm còn nguyên tem được đổi trong 7 ngày. Hàng giảm giá không được đổi trả.""",
    "delivery": """Chính sách giao hàng
Phạm vi giao hàng: toàn quốc.
Thời gian giao hàng: nội thành 1 đến 2 ngày, ngoại thành 2 đến 3 ngày, các tỉnh khác 3 đến 5 ngày làm việc.
Phí giao hàng được tính theo khối lượng và khoảng cách. Miễn phí cho đơn từ 500.000 đồng.
Khi nhận hàng, quý khách vui lòng kiểm tra thùng hàng trước khi ký nhận.
Nếu hàng bị móp méo hoặc thiếu, quý khách từ chối nhận và gọi ngay cho chúng tôi.
Nhân viên giao hàng sẽ gọi trước 30 phút. Sau ba lần không liên lạc được, đơn hàng bị hủy.""",
    "warranty": """Chính sách bảo hành
Sản phẩm được bảo hành 12 tháng kể từ ngày mua đối với lỗi của nhà sản xuất.
Điều kiện bảo hành: còn phiếu bảo hành, tem không rách, số máy không bị tẩy xóa.
Không bảo hành trong các trường hợp: rơi vỡ, vào nước, cháy nổ do điện áp, tự ý tháo máy.
Thời gian sửa chữa từ 7 đến 15 ngày, tùy linh kiện.
Pin và bộ sạc được bảo hành 6 tháng.
Quý khách mang máy đến trung tâm bảo hành gần nhất hoặc gửi qua bưu điện.""",
    "page not found": """404
Không tìm thấy trang
Trang bạn tìm đã bị xóa hoặc đổi địa chỉ.
Hãy quay lại trang chủ hoặc thử tìm bằng từ khóa khác.""",
    "about us": """Về chúng tôi
Thành lập năm 2009 từ một xưởng mộc nhỏ ở làng Đồng Kỵ, Mộc Xưa nay có ba nhà máy và hơn 200 thợ lành nghề.
Chúng tôi tin rằng một chiếc ghế tốt phải ở lại với gia đình qua nhiều thế hệ.
Sứ mệnh: đưa gỗ Việt vào từng ngôi nhà Việt.
Tầm nhìn: trở thành thương hiệu nội thất được yêu thích nhất miền Bắc.
Năm 2018, Mộc Xưa nhận giải thưởng thiết kế cho bộ bàn ăn Sen.
Ghé xưởng để tự tay chọn vân gỗ cho mình.""",
    "article on safety online": """Năm cách để không bị lừa trên mạng
Mỗi ngày có hàng trăm người mất tiền vì bấm vào đường dẫn lạ. Dưới đây là năm thói quen nên có.
Thứ nhất, đặt mật khẩu dài và mỗi nơi một mật khẩu khác nhau.
Thứ hai, bật xác thực hai lớp cho thư điện tử và ngân hàng.
Thứ ba, không đọc mã OTP cho bất kỳ ai, kể cả người tự xưng là công an.
Thứ tư, kiểm tra kỹ địa chỉ trang web trước khi chuyển tiền.
Thứ năm, nói chuyện với ông bà, cha mẹ về những chiêu lừa mới.
Anh Nam ở Hải Phòng kể rằng anh suýt mất 80 triệu đồng vì một cuộc gọi giả danh bưu điện.
Khi nghi ngờ, hãy dừng lại năm phút và gọi cho người thân.""",
    "recipe": """Cách nấu bún riêu cua
Nguyên liệu: 500 g cua đồng, 4 quả cà chua, 2 bìa đậu phụ, 1 kg bún, hành, mắm tôm, giấm bỗng.
Cua rửa sạch, bóc mai, giã nhuyễn với chút muối rồi lọc lấy nước.
Đun nước cua nhỏ lửa, khuấy nhẹ cho đến khi gạch nổi lên thì thôi.
Phi thơm hành, xào cà chua, đổ vào nồi, nêm giấm bỗng và mắm tôm vừa miệng.
Đậu phụ cắt miếng, rán vàng.
Xếp bún vào tô, thêm gạch cua, đậu, chan nước dùng nóng và ăn kèm rau sống.""",
}

POLICIES = {
    "formal": """CHÍNH SÁCH BẢO VỆ DỮ LIỆU CÁ NHÂN
Điều 1. Mục đích xử lý
Công ty Cổ phần Thép Sông Lam xử lý dữ liệu cá nhân của đối tác để ký kết và thực hiện hợp đồng.
Điều 2. Loại dữ liệu
Dữ liệu gồm họ tên, số căn cước công dân, chức vụ, số điện thoại của người đại diện.
Điều 3. Thời hạn lưu trữ
Dữ liệu được lưu trữ 10 năm kể từ ngày chấm dứt hợp đồng theo pháp luật về kế toán.
Điều 4. Quyền của chủ thể dữ liệu
Chủ thể dữ liệu có quyền truy cập, chỉnh sửa, xóa dữ liệu và rút lại sự đồng ý.
Điều 5. Bên tiếp nhận dữ liệu
Công ty chỉ cung cấp dữ liệu cho cơ quan nhà nước có thẩm quyền khi có yêu cầu bằng văn bản.""",
    "plain speech": """Tiệm hoa Cúc Dại giữ gì của bạn?
Bạn đặt hoa thì tiệm hỏi tên, số điện thoại và địa chỉ người nhận.
Tiệm dùng mấy thứ đó để giao hoa đúng chỗ, đúng giờ, chứ không làm gì khác.
Tiệm không đưa thông tin của bạn cho ai ngoài anh giao hàng.
Sau ba tháng tiệm xóa hết.
Muốn xóa sớm hơn thì bạn nhắn cho tiệm một tiếng.""",
    "application": """Quyền riêng tư trên ứng dụng Chạy Bộ Vui
Ứng dụng xin quyền truy cập vị trí để vẽ đường chạy của bạn.
Dữ liệu sức khỏe được mã hóa và lưu trên máy của bạn.
Chúng tôi dùng công cụ phân tích của bên thứ ba để biết tính năng nào hay bị lỗi.
Bạn có thể xóa tài khoản và toàn bộ dữ liệu trong phần Cài đặt.
Ứng dụng không dành cho trẻ em dưới 13 tuổi.
Bằng việc đăng ký, bạn đồng ý với chính sách này.""",
    "web shop": """Chính sách bảo mật thông tin
1. Mục đích và phạm vi thu thập
Việc thu thập thông tin bao gồm: email, điện thoại, tên đăng nhập, mật khẩu, địa chỉ của thành viên.
2. Phạm vi sử dụng thông tin
- Cung cấp dịch vụ cho thành viên;
- Gửi thông báo về đơn hàng;
- Ngăn ngừa việc phá hủy tài khoản.
3. Thời gian lưu trữ thông tin
Dữ liệu của thành viên được lưu trữ cho đến khi có yêu cầu hủy bỏ.
4. Cam kết bảo mật
Thông tin của thành viên được cam kết bảo mật tuyệt đối, không chuyển giao cho bên thứ ba nào.""",
    "hospital": """Thông báo về xử lý thông tin người bệnh
Phòng khám Tâm Đức ghi lại họ tên, tuổi, tiền sử bệnh và kết quả xét nghiệm của người bệnh.
Hồ sơ bệnh án được lưu giữ ít nhất 10 năm.
Chỉ bác sĩ điều trị và điều dưỡng được xem hồ sơ.
Thông tin được gửi cho cơ quan bảo hiểm xã hội để thanh toán.
Người bệnh có quyền xin bản sao hồ sơ của mình.
Nhân viên tiết lộ thông tin của người bệnh sẽ bị xử lý kỷ luật.""",
    "school": """QUY ĐỊNH VỀ THÔNG TIN HỌC VIÊN
Trung tâm Anh ngữ Cầu Vồng thu thập họ tên, ngày sinh, ảnh và điểm số của học viên.
Thông tin được sử dụng để xếp lớp, gửi kết quả học tập cho phụ huynh và cấp chứng chỉ.
Với học viên dưới 16 tuổi, cha mẹ ký phiếu đồng ý trước khi trung tâm chụp ảnh.
Trung tâm không đăng ảnh học viên lên mạng khi chưa được phép.
Phụ huynh có quyền yêu cầu xem, sửa hoặc xóa thông tin của con.
Dữ liệu được giữ 2 năm sau khi khóa học kết thúc.""",
}


def doubt(text: str, model: ClauseClassifier) -> float:
    return not_policy(*read(text, model))


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_page_that_is_no_policy(trained: Saved, text: str) -> None:
    assert 0.5 <= doubt(text, trained.model) <= 1


@pytest.mark.parametrize("text", POLICIES.values(), ids=POLICIES)
def test_policy_is_one(trained: Saved, text: str) -> None:
    assert 0 <= doubt(text, trained.model) < 0.5


@pytest.mark.parametrize(
    ("lines", "labels", "expected"),
    [
        # a tenth of the text is 0.1 / 0.12 of enough, one category a third of the categories that are wanted
        pytest.param(
            ["Họ tên và địa chỉ IP được ghi lại."], ["data_collected"], 1 - 0.1 / 0.12 / 3, id="speaks of data"
        ),
        pytest.param(["Tiệm hỏi bạn vài điều."], ["data_collected"], 1 - 0.35 * 0.1 / 0.12 / 3, id="speaks of none"),
        pytest.param(["Gọi cho tiệm khi cần."], ["contact"], 1, id="not of the core"),
        pytest.param(
            [f"Dữ liệu số {i} được ghi." for i in range(3)],
            ["data_collected", "purpose", "retention"],
            0,
            id="enough, of three categories",
        ),
        pytest.param([f"Dữ liệu số {i} được ghi." for i in range(3)], ["purpose"] * 3, 1 - 1 / 3, id="enough, of one"),
    ],
)
def test_doubt_by_hand(lines: list[str], labels: list[str], expected: float) -> None:
    rest = [f"Cảm ơn vị khách thứ {i}." for i in range(10 - len(lines))]
    model = Oracle(dict(zip(lines, labels, strict=True)))
    assert doubt("\n\n".join([*lines, *rest]), model) == pytest.approx(expected, abs=1e-3)


def test_nothing_is_no_policy() -> None:
    assert not_policy((), ()) == 1
