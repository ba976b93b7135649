"""The points of the law in words: what a vendor has of each, what it rests on, and what must stand beside it."""

from datetime import date

from pipeline.regimes import Element
from pipeline.render.terms import terms
from pipeline.render.words import in_words


def preliminary(day: date) -> str:
    """What must stand wherever completeness is shown, with the day whose law decides."""
    return (
        f"Kết quả sơ bộ, theo luật có hiệu lực ngày {in_words(day.isoformat())}: máy đọc theo từ ngữ, dựa trên nguồn "
        "thứ cấp về pháp luật; không xét quy định nào ràng buộc ai và không phải tư vấn pháp lý."
    )


def said(status: str, element: Element) -> str:
    """The status in words; what a policy need not say is not called missing."""
    if status == "missing" and not element.tier.counted:
        return "không nêu"
    words = terms()["requirement"][status]
    return f"{words['sign']} {words['vi']}"


def citation(element: Element) -> str:
    """The articles with the certainty of each; "thông lệ" where it rests on none."""
    return "; ".join(f"{c.law}, {c.article} [{c.certainty}]" for c in element.citations) or "thông lệ"


def days_in_force(element: Element) -> str:
    """Since and until when the first citation is in force; empty where no day is known."""
    since = f"từ {in_words(element.since.isoformat())}" if element.since else ""
    until = f"trước {in_words(element.until.isoformat())}" if element.until else ""
    return " ".join(filter(None, (since, until)))
