"""report.html as a person uses it in a browser: invented policies, hostile text, phone, print, keyboard, no network."""

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import CHROMIUM
from invented import SHOP
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.api import compare
from pipeline.artefact import Saved
from pipeline.batch import Diff, Side
from pipeline.ingest import read
from pipeline.records import Change
from pipeline.render import report, write
from pipeline.run import Analyser
from pipeline.sources import discover

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
HOTEL = """CHÍNH SÁCH BẢO VỆ DỮ LIỆU CÁ NHÂN

1. Dữ liệu được thu thập

Khi đặt phòng, quý khách cung cấp cho Gió Biển họ tên, ngày sinh và số thẻ ngân hàng.

2. Thời gian lưu trữ

Dữ liệu cá nhân được lưu trữ trong 5 năm kể từ ngày trả phòng.

3. Chia sẻ

Gió Biển chia sẻ thông tin cho các đối tác quảng cáo.
"""
HOSTILE = """CHÍNH SÁCH BẢO MẬT <script>window.hacked = 1</script>

1. Thu thập <img src=x onerror="window.hacked = 2"> thông tin

Chúng tôi thu thập họ tên, email </script><script>window.hacked = 3</script> và số điện thoại để giao hàng.

2. Lưu trữ

Thông tin cá nhân được lưu trữ 12 tháng <style>body { display: none }</style> kể từ đơn cuối \u202egnuhc\u202c cùng.

3. Liên hệ

Gửi về <a href="javascript:window.hacked = 4">hotro@hiem.example.vn</a> hoặc ]]> --> "' {{ 7 * 7 }} &lt;b&gt;.
"""
NAME = '<svg onload="window.hacked = 5">Hiểm</svg>'
SOURCES = [
    ("la-xanh.txt", "Lá Xanh", "https://laxanh.example.vn/chinh-sach", "2026-10-05", "bán lẻ"),
    ("gio-bien.txt", "Gió Biển", "https://giobien.example.vn/", "", "khách sạn"),
    ("hiem.txt", NAME, "javascript:window.hacked=6", "2026-10-06", '"><script>window.hacked = 7</script>'),
]
VIEWS = ("overview", "table", "side", "changes", "charts", "policy&doc=la-xanh")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory, trained: Saved):
    folder = tmp_path_factory.mktemp("policies")
    for (name, *_), text in zip(SOURCES, (SHOP, HOTEL, HOSTILE), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("file", "vendor", "url", "retrieved_at", "sector"), *SOURCES])
    analyser = Analyser()
    return compare([analyser(read(document)) for document in discover(str(folder))], as_of=date(2026, 12, 1))


class Markup(HTMLParser):
    """Names of the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def written(batch, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    write(batch, out)
    return out / "report.html"


@pytest.fixture(scope="module")
def html(batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(batch, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium: install it, or name it with VNPOLICY_CHROMIUM"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a desktop's size; whatever it does, it requests only files, and says nothing on its console."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    tab, asked, said = context.new_page(), [], []
    context.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    yield tab
    hacked = tab.evaluate("window.hacked")
    context.close()
    assert hacked is None
    assert not said
    assert all(re.match(r"file:.*\.html|data:image/svg|blob:", url) for url in asked), asked


def opened(page: Page, html: Path, view: str = "", **more: str) -> Page:
    page.goto("about:blank")
    fragment = "&".join([f"view={view}", *(f"{key}={value}" for key, value in more.items())]) if view else ""
    page.goto(html.as_uri() + (f"#{fragment}" if fragment else ""))
    return page


def heading(page: Page) -> str:
    return page.locator("h1:visible").inner_text()


def vendors_of(table: str, page: Page, names: list[str]) -> None:
    """Asserts which vendors a table shows, in order, as soon as it has drawn them."""
    expect(page.locator(f"#{table} tbody th")).to_have_text(names)


def test_the_page_allows_its_own_style_and_script_and_nothing_else(html: Path) -> None:
    text = html.read_text(encoding="utf-8")
    allowed = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    assert "default-src 'none'" in allowed
    assert "unsafe" not in allowed
    style, script = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("style", "script"))
    assert (len(style), len(script)) == (1, 1)
    for inline in (*style, *script):
        assert base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() in allowed
    seen = Markup()
    seen.feed(text)
    assert not seen.tags & {"link", "img", "iframe", "object", "embed", "base", "form"}
    assert not [name for name in seen.attributes if name in ("src", "style") or name.startswith("on")]


def test_beyond_the_limit_each_policy_has_a_page_and_pages_of_earlier_runs_go(
    batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SINGLE", 2)
    page = written(batch, tmp_path)
    assert {p.name for p in (tmp_path / "report").iterdir()} == {"la-xanh.html", "gio-bien.html", "hiem.html"}
    assert "<template data-doc" not in page.read_text(encoding="utf-8")
    (tmp_path / "report" / "notes.html").write_text("của tôi", encoding="utf-8")
    monkeypatch.setattr(report, "SINGLE", 3)
    written(batch, tmp_path)
    assert [p.name for p in (tmp_path / "report").iterdir()] == ["notes.html"]


@pytest.mark.browser
def test_opens_in_vietnamese_with_cautions_and_what_the_law_asks_for(page: Page, html: Path) -> None:
    opened(page, html)
    assert page.locator("html").get_attribute("lang") == "vi"
    assert heading(page) == "Tổng quan"
    expect(page.locator(".caution:visible").first).to_contain_text("Không phải tư vấn pháp lý")
    vendors_of("heatmap", page, ["Gió Biển", NAME, "Lá Xanh"])
    assert page.locator("#heatmap tbody td.requirement-missing").count() > 0


@pytest.mark.browser
def test_what_stands_out_leads_to_who_says_it(page: Page, html: Path) -> None:
    opened(page, html)
    card = page.locator(".card", has_text="Lưu trữ lâu nhất")
    assert [line.split(" (")[0] for line in card.locator("li").all_inner_texts()] == [
        "Gió Biển: 5 năm",
        "Lá Xanh: 24 tháng",
        f"{NAME}: 12 tháng",
    ]
    card.get_by_role("link", name="Gió Biển").click()
    expect(page.locator("li.target")).to_contain_text("trong 5 năm kể từ ngày trả phòng")
    expect(page.locator(".found")).to_contain_text("lưu lâu nhất: 5 năm")


@pytest.mark.browser
def test_further_points_are_shown_on_demand_and_are_no_gaps(page: Page, html: Path) -> None:
    opened(page, html)
    missing = page.locator("#heatmap tbody .requirement-missing.uncounted")
    assert missing.count() == 0
    columns = page.locator("#heatmap tbody tr").first.locator("td").count()
    page.locator("#uncounted").check()
    assert page.locator("#heatmap tbody tr").first.locator("td").count() > columns
    grey, red = (
        page.locator(f"#heatmap .requirement-missing{which}").first.evaluate("e => getComputedStyle(e).backgroundColor")
        for which in (".uncounted", ":not(.uncounted)")
    )
    assert grey != red


@pytest.mark.browser
def test_sorting_by_retention_knows_durations_and_says_so(page: Page, html: Path) -> None:
    opened(page, html, "table")
    header = page.locator("#comparison th", has_text="Thời gian lưu trữ")
    header.click()
    vendors_of("comparison", page, ["Gió Biển", "Lá Xanh", NAME])  # 5 years, 24 months, 12 months
    assert header.get_attribute("aria-sort") == "descending"
    header.locator("[tabindex]").focus()
    page.keyboard.press("Enter")
    vendors_of("comparison", page, [NAME, "Lá Xanh", "Gió Biển"])


@pytest.mark.browser
def test_searching_needs_no_accents(page: Page, html: Path) -> None:
    opened(page, html, "table").get_by_label("Tìm").fill("doi tac")
    vendors_of("comparison", page, ["Gió Biển"])


@pytest.mark.browser
def test_filters_by_topic_element_and_own_column_stay_in_the_address(page: Page, html: Path) -> None:
    opened(page, html, "table")
    page.select_option("#filter-column", "third_party_sharing")
    page.select_option("#filter-value", "v:không chia sẻ")
    page.click("#filter-add")
    vendors_of("comparison", page, ["Lá Xanh"])
    page.reload()
    vendors_of("comparison", page, ["Lá Xanh"])
    page.locator("#filter-list button").click()
    page.select_option("#filter-column", "decree-248-2026/g")
    page.select_option("#filter-value", "s:missing")
    page.click("#filter-add")
    vendors_of("comparison", page, ["Gió Biển", NAME])
    page.select_option("#filter-column", "own.sector")
    page.select_option("#filter-value", "v:khách sạn")
    page.click("#filter-add")
    vendors_of("comparison", page, ["Gió Biển"])


@pytest.mark.browser
def test_columns_are_chosen_and_kept(page: Page, html: Path) -> None:
    opened(page, html, "table")
    page.click(".columns summary")
    page.locator("#columns label", has_text="Xóa dữ liệu theo yêu cầu").locator("input").uncheck()
    page.locator("#columns label", has_text="Điện thoại").locator("input").check()
    heads = page.locator("#comparison thead th:visible")
    assert "Điện thoại" in " ".join(heads.all_inner_texts())
    page.reload()
    assert "Điện thoại" in " ".join(heads.all_inner_texts())
    assert "Xóa dữ liệu" not in " ".join(heads.all_inner_texts())


@pytest.mark.browser
def test_vendors_side_by_side(page: Page, html: Path) -> None:
    opened(page, html, "table")
    page.locator("#comparison tbody tr", has_text="Gió Biển").locator("input").check()
    page.locator("#comparison tbody tr", has_text="Lá Xanh").locator("input").check()
    page.click("#to-side")
    assert [text.split("\n")[0] for text in page.locator("#side thead th").all_inner_texts()] == [
        "Mục",
        "Gió Biển",
        "Lá Xanh",
    ]
    expect(page.locator("#side thead")).to_contain_text("lấy ngày 2026-10-05")
    retention = page.locator("#side tr", has=page.locator("th", has_text="Thời gian lưu trữ")).last
    expect(retention).to_contain_text("5 năm")
    expect(retention).to_contain_text("được lưu trữ 24 tháng kể từ đơn hàng cuối cùng")
    before = page.locator("#side tbody tr:visible").count()
    page.check("#side-differing")
    assert 0 < page.locator("#side tbody tr:visible").count() < before
    page.locator("#side-choice select").nth(2).select_option(label=NAME)
    assert page.locator("#side thead th").count() == 4


@pytest.mark.browser
def test_a_cell_leads_to_its_sentence(page: Page, html: Path) -> None:
    opened(page, html, "table")
    page.get_by_role("link", name="24 tháng").click()
    expect(page.locator("li.target")).to_contain_text("Thông tin cá nhân của khách hàng được lưu trữ 24 tháng")
    expect(page.locator("li.target")).to_be_in_viewport()
    expect(page.locator("li.target")).to_be_focused()
    expect(page.locator("li.target mark")).to_have_attribute("title", "Thời hạn lưu trữ: 24 tháng")
    page.go_back()
    assert heading(page) == "Bảng so sánh"


@pytest.mark.browser
def test_a_cell_of_the_heatmap_shows_its_quotes_with_address_and_date(page: Page, html: Path) -> None:
    opened(page, html)
    page.locator("#heatmap tbody tr", has_text="Lá Xanh").locator("td button").nth(2).click()
    window = page.locator("dialog[open]")
    expect(window).to_contain_text("được lưu trữ 24 tháng kể từ đơn hàng cuối cùng")
    expect(window.locator("cite").first).to_contain_text("https://laxanh.example.vn/chinh-sach, lấy ngày 2026-10-05")
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    page.locator("#heatmap tbody tr", has_text="Lá Xanh").locator("td button").nth(2).click()
    window.get_by_role("link", name="trong văn bản").first.click()
    expect(page.locator("li.target")).to_contain_text("24 tháng")


@pytest.mark.browser
def test_english_at_a_click_stays_on_the_way(page: Page, html: Path) -> None:
    opened(page, html)
    page.get_by_role("button", name="English").click()
    assert heading(page) == "Overview"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="Comparison table").click()
    assert "lang=en" in page.url
    expect(page.get_by_role("link", name="24 months")).to_be_visible()
    page.reload()
    assert heading(page) == "Comparison table"
    page.get_by_role("link", name="24 months").click()
    expect(page.locator("li.target .said")).to_contain_text("Storage and retention")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.locator("li.target .said")).to_contain_text("Lưu trữ")


@pytest.mark.browser
def test_a_policy_shows_one_category_and_the_values_of_entities(page: Page, html: Path) -> None:
    opened(page, html, "policy", doc="la-xanh")
    page.locator(".categories button", has_text="Lưu trữ").click()
    left = page.locator(".text > li:visible").all_inner_texts()
    assert 0 < len(left) < page.locator(".text > li").count()
    assert any("24 tháng" in text for text in left)
    page.locator("mark", has_text="24 tháng").click()
    expect(page.locator("#tip")).to_have_text("Thời hạn lưu trữ: 24 tháng")


@pytest.mark.browser
def test_charts_are_saved_as_pictures_that_need_nothing_else(page: Page, html: Path) -> None:
    opened(page, html, "charts")
    figure = page.locator("#chart-completeness")
    saved = {}
    for kind in ("SVG", "PNG"):
        with page.expect_download() as download:
            figure.get_by_role("button", name=f"Lưu {kind}").click()
        saved[kind] = Path(download.value.path()).read_bytes()
    tree = ElementTree.fromstring(saved["SVG"])
    assert "Số nhà cung cấp" in "".join(tree.itertext())
    assert not any(name in element.attrib for element in tree.iter() for name in ("class", "style", "href"))
    assert saved["PNG"].startswith(b"\x89PNG")
    assert len(saved["PNG"]) > 10_000


@pytest.mark.browser
def test_print_shows_the_view_and_its_cautions_without_buttons(page: Page, html: Path) -> None:
    opened(page, html)
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join("\n".join(sheet.extract_text() for sheet in printed.pages).split())
    assert "Lá Xanh" in text
    assert "Không phải tư vấn pháp lý" in text
    assert "English" not in text


@pytest.mark.browser
def test_hostile_text_is_shown_and_does_nothing(page: Page, html: Path) -> None:
    opened(page, html, "policy", doc="hiem")
    assert heading(page) == NAME
    text = page.locator(".text").inner_text()
    for written in (
        "<script>window.hacked = 1</script>",
        "<img src=x",
        "<style>body",
        "⟦U+202E⟧",
        "{{ 7 * 7 }} &lt;b&gt;",
    ):
        assert written in text
    assert page.locator("main :is(script, img, style, svg[onload], a[href^='javascript'])").count() == 0
    for view in VIEWS[:5]:
        opened(page, html, view, vs="la-xanh,hiem")
        assert page.locator("body").is_visible()
        assert page.locator(f"[data-view='{view}'] :is(script, img, style, a[href^='javascript'])").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_accessible(page: Page, html: Path, view: str) -> None:
    opened(page, html, view, vs="la-xanh,gio-bien")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert not found.violations_count, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits_a_phone(page: Page, html: Path, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, html, view, vs="hiem,gio-bien")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_what_changed_since_the_version_before_is_shown_word_by_word(page: Page, batch, tmp_path: Path) -> None:
    sides = {"vendor": "Lá Xanh", "old_version": "1", "new_version": "2", "kind": "changed"}
    changed = [
        Change(**sides, level="value", subject="retention", old="P12M", new="P24M"),
        Change(**sides, level="clause", subject="retention", old="Lưu <b>12</b> tháng.", new="Lưu <b>24</b> tháng."),
    ]
    old, new = Side("la-xanh.txt", "1", "2025-01-05"), Side("la-xanh.txt", "2", None)
    diff = Diff("Lá Xanh", old, new, changed, doc_id="la-xanh")
    html = report.write(replace(batch, diffs=[diff]), tmp_path)
    opened(page, html, "policy", doc="la-xanh")
    assert page.locator(".policy .changed del").all_inner_texts() == ["12 tháng", "12"]
    assert page.locator(".policy .changed ins").all_inner_texts() == ["24 tháng", "24"]
    assert page.locator(".policy .changed li").nth(1).inner_text().endswith("Lưu <b>1224</b> tháng.")


@pytest.mark.browser
def test_pages_beside_the_report_are_reached_and_lead_back(
    page: Page, batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SINGLE", 0)
    opened(page, written(batch, tmp_path), "table", lang="en")
    page.get_by_role("link", name="24 months").click()
    expect(page).to_have_url(re.compile(r"/report/la-xanh\.html#.*s=\d+.*lang=en"))
    expect(page.locator("li.target")).to_contain_text("24 tháng")
    page.get_by_role("link", name="Privacy policies compared").click()
    assert heading(page) == "Overview"
