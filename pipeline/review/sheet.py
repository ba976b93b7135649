"""The form in which reviewers label sentences, and what a filled-in one says."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

from pipeline.errors import ReviewError
from pipeline.gold import KINDS
from pipeline.labels import label_ids, labels
from pipeline.render.form import REMEDY, Filled, Form
from pipeline.render.xlsx.sheet import Column
from pipeline.review import Reviewed, Source, sound
from pipeline.review.labels import CHOICES, Place, Question, answers, choice

KIND = "labels"
COLUMNS = (
    Column("Nhà cung cấp", "vendor", 18, "theo sources.csv, nếu không có thì theo thư mục hoặc tên tệp"),
    Column("Văn bản", "doc_id", 18, "đường dẫn của tệp, không có phần mở rộng"),
    Column("Câu số", "sentence", 7, "thứ tự câu trong văn bản, tính từ 0, như trong sentences.csv"),
    Column("Nằm dưới tiêu đề", "path", 28, "các tiêu đề phía trên, từ ngoài vào trong"),
    Column("Câu dẫn của danh sách", "lead_in", 28, "mục liệt kê được hiểu như có câu này đứng trước"),
    Column("Câu trước", "before", 28, "câu đứng ngay trước"),
    Column("CÂU CẦN XEM", "text", 60, "hãy phân loại câu này; đừng sửa nội dung"),
    Column("Câu sau", "after", 28, "câu đứng ngay sau"),
    Column("Máy phân loại", "said", 26, "loại chính theo máy, chưa chắc đúng"),
    Column("Xác suất", "score", 9, "xác suất đã hiệu chỉnh của loại chính, 0 đến 1"),
    Column("Máy còn thấy", "others", 26, "các loại khác theo máy, kèm xác suất"),
    Column("Loại chính", "label_1", 30, "chọn trong danh sách; để trống nếu không xem câu này"),
    Column("Loại thứ hai", "label_2", 26, "chỉ khi câu thực sự nói cả hai điều"),
    Column("Loại thứ ba", "label_3", 26, "hiếm khi cần"),
    Column("Người xem", "reviewer", 16, "tên của bạn"),
    Column("Ghi chú", "comment", 30, "điều đáng lưu ý, nếu có"),
    Column("Mã câu", "id", 15, "để nhận lại câu này; đừng sửa"),
)
GUIDE = (
    ("CÁCH LÀM",),
    ("1", "Đọc câu in đậm cùng các tiêu đề, câu dẫn và hai câu bên cạnh."),
    ("2", "Chọn loại chính trong danh sách của ô; thêm loại thứ hai, thứ ba chỉ khi câu thực sự nói cả những điều đó."),
    ("3", "Tiêu đề được phân loại theo chủ đề mà nó nêu; mục liệt kê như có câu dẫn đứng trước."),
    ("4", "Ghi tên vào cột Người xem. Câu nào không chắc thì để trống loại chính: câu đó sẽ được bỏ qua."),
    ("5", "Câu đứng trước giúp máy học được nhiều hơn câu đứng sau: có thể dừng ở bất cứ dòng nào."),
    ("6", "Đừng sửa nội dung câu và mã câu, đừng thêm dòng; sắp xếp và lọc thì không sao."),
    ("", ""),
)


def form(questions: Sequence[Question], sources: Mapping[str, Source]) -> Form:
    """The form of these questions; `sources` has the text of each document asked about."""
    asked = sorted({q.document for q in questions})
    return Form(
        kind=KIND,
        columns=COLUMNS,
        rows=[_row(question) for question in questions],
        lists={column: [choice(label) for label in label_ids()] for column in CHOICES},
        free=("reviewer", "comment"),
        guide=[
            *GUIDE,
            ("LOẠI ĐIỀU KHOẢN", "Câu thuộc loại này khi nói", "Không phải", "Ví dụ", "English"),
            *_categories(),
        ],
        facts=[
            *(("source", name, sources[name].vendor, sources[name].text) for name in asked),
            *(("unit", q.id, q.document, str(q.start), str(q.end), q.kind) for q in questions),
        ],
    )


def _categories() -> Iterator[tuple[str, ...]]:
    said = tomllib.loads((files("pipeline.review") / "guide.toml").read_text(encoding="utf-8"))
    for label in labels():
        here = said[label.id]
        yield choice(label.id), here["is"], here["not"], label.examples[0], f"{label.definition} {label.not_}".strip()


def _row(question: Question) -> dict[str, str | float]:
    (main, score), *others = question.said
    return {
        **{c.id: getattr(question, c.id) for c in COLUMNS if c.id in question._fields and c.id != "said"},
        "said": choice(main),
        "score": round(score, 2),
        "others": "; ".join(f"{choice(label)}: {chance:.2f}" for label, chance in others),
    }


def filled(found: Filled, reviewer: str = "") -> tuple[dict[str, Source], list[Reviewed], list[str]]:
    """Documents, labelled units and refused rows of a form that came back. Raises `ReviewError` for another kind."""
    if found.kind != KIND:
        raise ReviewError("the workbook", f"it asks for {found.kind!r}, not for {KIND}", REMEDY)
    try:
        facts = [(what, tuple(fact)) for what, *fact in found.facts]
        sources = {name: _source(name, vendor, text) for name, vendor, text in _of("source", facts)}
        asked = {fact[0]: _place(sources, *fact[1:]) for fact in _of("unit", facts)}
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ReviewError("the workbook", "its hidden sheet was altered", REMEDY) from error
    return sources, *answers(found.rows, asked, sources, reviewer)


def _of(wanted: str, facts: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    return (fact for what, fact in facts if what == wanted)


def _source(name: str, vendor: str, text: str) -> Source:
    return sound("the workbook", Source(name=name, vendor=vendor, text=text))


def _place(sources: Mapping[str, Source], document: str, start: str, end: str, kind: str) -> Place:
    place = Place(document, int(start), int(end), kind)
    if not 0 <= place.start < place.end <= len(sources[document].text) or kind not in KINDS:
        raise ValueError(place)
    return place
