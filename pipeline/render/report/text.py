"""Policy text on its way into a page: characters that a reader cannot see are shown, links are only web addresses.

Markup needs nothing here: templates escape all they are given, and `script_json` is the one way into a script.

>>> visible("trả\\u202eời")
'trả⟦U+202E⟧ời'
>>> web_address("javascript:alert(1)"), web_address("https://1boss.vn/")
('', 'https://1boss.vn/')
>>> script_json({"quote": "</script>"})
'{"quote":"\\\\u003c/script>"}'
>>> shortened("Dữ liệu được lưu 24 tháng", 14)
'Dữ liệu được …'
"""

import json
import re

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls and marks of direction: they can hide what stands on the page or turn it around."""


def visible(text: str) -> str:
    """The text with unseen characters written as their code points."""
    return _UNSEEN.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def shortened(text: str, longest: int | None) -> str:
    """The text, cut at a word with a mark where it has more than `longest` characters; whole for `None`."""
    if longest is None or len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0] + " …"


def web_address(url: str) -> str:
    """The URL where a browser may follow it, else an empty string."""
    return url if re.fullmatch(r"https?://[^\s<>\"']+", url, re.IGNORECASE) else ""


def script_json(value: object) -> str:
    """Compact JSON that cannot end the script in which it stands."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
