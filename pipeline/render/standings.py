"""How a policy stands in the field, in one clause that an analyst reads, Vietnamese or English."""

from collections.abc import Mapping

from pipeline.attributes import attributes
from pipeline.records import Standing
from pipeline.regimes import elements
from pipeline.render.terms import terms
from pipeline.render.words import Language, in_words

SAID: Mapping[str, Mapping[Language, str]] = {
    "longest": {
        "vi": "lưu lâu nhất: {value} ({of} chính sách nêu thời hạn)",
        "en": "keeps data longest: {value} (of {of} that state a term)",
    },
    "shortest": {
        "vi": "có thời hạn lưu ngắn nhất: {value} ({of} chính sách nêu thời hạn)",
        "en": "has the shortest term: {value} (of {of} that state a term)",
    },
    "open_ended": {"vi": "lưu không có điểm kết thúc: {value}", "en": "keeps data without an end: {value}"},
    "only_one": {
        "vi": "chính sách duy nhất nêu: {subject} (trong {of})",
        "en": "the only one of {of} that says: {subject}",
    },
    "only_value": {
        "vi": "chỉ riêng chính sách này nêu: {value} ({subject})",
        "en": "no other says: {value} ({subject})",
    },
    "lacks": {
        "vi": "không nêu: {subject}, trong khi {count} trên {of} chính sách có nêu",
        "en": "does not say: {subject}, though {count} of {of} do",
    },
    "boilerplate": {
        "vi": "{share} số câu gần như nguyên văn trong chính sách khác ({count} trên {of} câu){others}",
        "en": "{share} of its sentences stand nearly word for word in others ({count} of {of}){others}",
    },
    "template": {
        "vi": "cùng khuôn mẫu {value} ({count} chính sách){others}",
        "en": "from template {value} ({count} policies){others}",
    },
    "shared": {
        "vi": "{subject} dùng chung: {value} ({count} nhà cung cấp){others}",
        "en": "{subject} shared: {value} ({count} vendors){others}",
    },
}
WITH: Mapping[Language, str] = {"vi": ", cùng với ", "en": ", with "}
MORE: Mapping[Language, str] = {"vi": " và {n} nhà cung cấp khác", "en": " and {n} more"}
WIDE = ("boilerplate", "template", "shared")
"""Kinds of which the others are worth naming at once."""

FEW = 3
"""Other vendors named in a clause; the table `field` names more."""


def in_a_clause(standing: Standing, vendors: Mapping[str, str], language: Language = "vi") -> str:
    """What the standing says. `vendors`: the vendor of each document."""
    return SAID[standing.kind][language].format(
        subject=subject(standing.subject, language),
        value=in_words(standing.value, language),
        count=standing.count,
        of=standing.of,
        share=f"{float(standing.value):.0%}" if standing.kind == "boilerplate" else "",
        others=_others(standing, vendors, language) if standing.kind in WIDE else "",
    )


def subject(id: str, language: Language) -> str:
    """The name of an attribute, of an element of a list of the law, or of a kind of entity; empty for none."""
    names = {a.id: {"vi": a.vi, "en": a.en} for a in attributes()}
    if id in names:
        return names[id][language]
    regime, slash, element = id.partition("/")
    if slash:
        found = elements()[regime, element]
        return found.vi if language == "vi" else found.en
    return terms()["entity"][id][language] if id else ""


def _others(standing: Standing, vendors: Mapping[str, str], language: Language) -> str:
    if not standing.others:
        return ""
    number = len(standing.others) if standing.kind == "boilerplate" else standing.count - 1
    more = MORE[language].format(n=number - FEW) if number > FEW else ""
    return WITH[language] + ", ".join(vendors[doc_id] for doc_id in standing.others[:FEW]) + more
