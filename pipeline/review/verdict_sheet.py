"""The form in which reviewers judge answers and sentences, and what a filled-in one says, row by row."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from pipeline.errors import ReviewError
from pipeline.labels import labels
from pipeline.render.form import REMEDY, Filled, Form
from pipeline.render.xlsx.sheet import Column
from pipeline.review.answers import KIND as FINDING
from pipeline.review.answers import values
from pipeline.review.asked import SENTENCE, Asked, row_id
from pipeline.review.labels import named
from pipeline.store.verdicts import Verdict

KIND = "findings"
VERDICTS = {
    "right": "đúng (right)",
    "wrong": "sai (wrong)",
    "cannot_tell": "không kết luận được (cannot_tell)",
}
COLUMNS = (
    Column("Nhà cung cấp", "vendor", 18, "theo sources.csv, nếu không có thì theo thư mục hoặc tên tệp"),
    Column("Văn bản", "doc_id", 18, "đường dẫn của tệp, không có phần mở rộng"),
    Column("Cần xem", "what", 14, "câu trả lời trong bảng so sánh, hoặc loại điều khoản của một câu"),
    Column("Mục", "topic", 26, "cột của bảng so sánh, hoặc các tiêu đề phía trên câu"),
    Column("Mã mục", "subject", 20, "mã của mục như trong findings.csv, hoặc số của câu"),
    Column("Câu làm căn cứ", "text", 60, "máy trả lời từ các câu này; trống nếu máy không tìm thấy gì"),
    Column("Máy trả lời", "answer", 40, "như trong bảng so sánh"),
    Column("Giá trị", "values", 28, "như trong findings.csv"),
    Column("Đã xem", "state", 20, "kết quả của lần xem trước, nếu có"),
    Column("Nhận xét", "verdict", 24, "chọn trong danh sách; để trống nếu không xem dòng này"),
    Column("Giá trị đúng", "corrected", 34, "chỉ khi máy sai; nhiều giá trị cách nhau bằng dấu chấm phẩy"),
    Column("Người xem", "reviewer", 16, "tên của bạn"),
    Column("Ghi chú", "comment", 30, "điều đáng lưu ý, nếu có"),
    Column("Nguồn", "url", 30, "địa chỉ của văn bản"),
    Column("Mã dòng", "id", 15, "để nhận lại dòng này; đừng sửa"),
)
GUIDE = (
    ("CÁCH LÀM",),
    ("1", "Đọc các câu làm căn cứ, khi cần thì mở văn bản gốc; rồi xem máy trả lời có đúng không."),
    ("2", "Chọn: đúng, sai, hoặc không kết luận được. Dòng không xem thì để trống."),
    ("3", "Nếu sai, ghi giá trị đúng như cách ghi ở cột Giá trị, ví dụ P24M; until_request. "
          "Ghi — nếu chính sách không nói gì. Nếu chưa rõ giá trị đúng thì để trống."),
    ("4", "Với loại của câu, giá trị đúng là mã của loại điều khoản, xem danh sách dưới đây."),
    ("5", "Ghi tên vào cột Người xem. Hai người có thể xem cùng một tệp, mỗi người một bản."),
    ("6", "Đừng sửa các cột khác, đừng thêm dòng; sắp xếp và lọc thì không sao."),
    ("", ""),
    ("LOẠI ĐIỀU KHOẢN", "Mã"),
)  # fmt: skip


SAID = {FINDING: {"status", "answer", "sentences", "text"}, SENTENCE: {"label", "text"}}
"""What is known, by kind, of that which a row judges."""


class Given(NamedTuple):
    """A verdict with the name of the row that it comes from, for messages."""

    where: str
    verdict: Verdict


def form(asked: Sequence[Asked], store: str) -> Form:
    """The form of these rows; `store` is the identity of the store that they come from."""
    return Form(
        kind=KIND,
        columns=COLUMNS,
        rows=[{**row.shown, "state": row.state, "id": row.id} for row in asked],
        lists={"verdict": list(VERDICTS.values())},
        free=("corrected", "reviewer", "comment"),
        guide=[*GUIDE, *((label.vi, label.id) for label in labels())],
        facts=[
            ("store", store),
            *(("row", r.id, r.vendor, r.doc_id, r.content, r.kind, r.subject, r.said) for r in asked),
        ],
    )


def filled(
    found: Filled, store: str, versions: Collection[tuple[str, str]], reviewer: str = ""
) -> tuple[list[Given], list[str]]:
    """The verdicts of a form that came back, and each refused row with its reason; rows without one are passed over.

    `store` and `versions` (document, content) are of the store that is to keep them. Raises `ReviewError` for another
    kind of form.
    """
    if found.kind != KIND:
        raise ReviewError("the workbook", f"it asks for {found.kind!r}, not for {KIND}", REMEDY)
    origin, asked = _facts(found)
    taken: list[Given] = []
    refused: list[str] = []
    seen: set[tuple[str, str]] = set()
    for where, row in found.rows:
        if not any(row.get(column, "") for column in ("verdict", "corrected", "comment")):
            continue
        try:
            if origin != store:
                raise ReviewError(where, "the file was made from another store", "Import it into that one")
            taken.append(Given(where, _verdict(where, row, asked, versions, reviewer, seen)))
        except ReviewError as error:
            refused.append(str(error))
    return taken, refused


def _facts(found: Filled) -> tuple[str, Mapping[str, Sequence[str]]]:
    """From which store the form was made, and what each row stands for by its id."""
    try:
        (origin,) = (fact[1] for fact in found.facts if fact[0] == "store")
        rows = {id_: rest for id_, *rest in (fact[1:] for fact in found.facts if fact[0] == "row")}
        for _, _, _, kind, _, said in rows.values():
            if not SAID[kind] <= json.loads(said).keys():
                raise ValueError(said)
    except (ValueError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ReviewError("the workbook", "its hidden sheet was altered", REMEDY) from error
    return origin, rows


def _verdict(
    where: str,
    row: Mapping[str, str],
    asked: Mapping[str, Sequence[str]],
    versions: Collection[tuple[str, str]],
    who: str,
    seen: set[tuple[str, str]],
) -> Verdict:
    id_ = row.get("id", "")
    if id_ not in asked:
        raise ReviewError(where, f"no row was exported with the id {id_!r}", "Copy the id from a fresh export")
    vendor, doc_id, content, kind, subject, said = asked[id_]
    if row_id(row, (content, kind, said)) != id_:
        raise ReviewError(where, "the row or its id was altered", "Leave these columns as they were exported")
    if (doc_id, content) not in versions:
        raise ReviewError(where, f"the store has no such version of {doc_id}", "Export again")
    reviewer = " ".join((row.get("reviewer", "") or who).split())
    if not reviewer:
        raise ReviewError(where, "nobody stands as reviewer", "Fill in the column, or add --reviewer NAME")
    if (id_, reviewer) in seen:
        raise ReviewError(where, f"{reviewer} judged the row {id_} twice", "Keep one row of it")
    seen.add((id_, reviewer))
    verdict = _chosen(where, row.get("verdict", ""))
    corrected = _corrected(where, row, kind, verdict)
    return Verdict(
        vendor, doc_id, content, kind, subject, said, verdict, corrected, row.get("comment", ""), reviewer
    )  # fmt: skip


def _chosen(where: str, written: str) -> str:
    known = {name.casefold(): id_ for id_, said in VERDICTS.items() for name in (id_, said, said.split(" (")[0])}
    if not written:
        raise ReviewError(where, "a corrected value or a comment, but no verdict", "Choose a verdict")
    if written.casefold() not in known:
        raise ReviewError(where, f"unknown verdict {written!r}", "Choose one from the list of the cell")
    return known[written.casefold()]


def _corrected(where: str, row: Mapping[str, str], kind: str, verdict: str) -> str:
    written = row.get("corrected", "")
    if not written:
        return ""
    if verdict != "wrong":
        raise ReviewError(where, f"a corrected value beside the verdict {verdict}", "Choose wrong, or empty the value")
    if kind == SENTENCE:
        label = named(written)
        if label is None:
            raise ReviewError(where, f"unknown label {written!r}", "Enter the id of a category")
        written = label
    status, answer = values(written)
    if status == "stated" and not answer:
        raise ReviewError(where, f"the corrected value {written!r} is empty", "Enter values, or — for none")
    if "; ".join(answer) == row.get("values", ""):
        raise ReviewError(where, "the corrected value is what the machine said", "Choose right, or another value")
    return written
