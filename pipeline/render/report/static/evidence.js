// The data of the report, how cells are read and worded, and the window with the quotes of a cell.

const data = JSON.parse(document.getElementById("data").textContent);
const vendorByKey = new Map(data.vendors.map((vendor) => [vendor.key, vendor]));
const collator = new Intl.Collator("vi");

const findingStatus = (cell) => data.statuses.finding[cell[0]];
// The mark of a cell that people reviewed, null for others.
function reviewMark(cell) {
  const words = data.terms.review[cell[4]];
  return words ? el("strong", { class: "review" }, `${words.sign} `, ...both(words.vi, words.en), " ") : null;
}
const requirementStatus = (cell) => data.statuses.requirement[cell[0]];
const quotesOf = (vendor, numbers) => numbers.map((n) => ({ sentence: vendor.quotes[n][0], text: data.strings[vendor.quotes[n][1]] }));

function sentenceLink(vendor, sentence) {
  return `${vendor.href}&s=${sentence}`;
}

// A value in the language of the page; Vietnamese where both are the same.
function inWords(number, lang = language()) {
  const words = data.values[number];
  return lang === "en" ? words[words.length - 1] : words[0];
}

function cut(text, longest) {
  return text.length <= longest ? text : text.slice(0, longest).replace(/\s\S*$/, "") + " …";
}

// Vietnamese letters without marks, so that "luu tru" finds "lưu trữ".
function bare(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D");
}

function source(vendor) {
  const retrieved = vendor.retrieved ? both(`lấy ngày ${vendor.retrieved}`, `retrieved ${vendor.retrieved}`) : both("không rõ ngày lấy", "date of retrieval unknown");
  const url = vendor.url ? [el("a", { href: vendor.url, rel: "noopener noreferrer" }, vendor.url), ", "] : [];
  return el("cite", {}, ...url, ...retrieved);
}

function quoted(vendor, numbers) {
  return quotesOf(vendor, numbers).map(({ sentence, text }) =>
    el("figure", {}, el("blockquote", { lang: "vi" }, el("bdi", {}, text)), el("figcaption", {}, el("a", { href: sentenceLink(vendor, sentence) }, ...both(`câu ${sentence} trong văn bản`, `sentence ${sentence} in the text`)), " · ", source(vendor))),
  );
}

// Opens the window; `group` is finding or requirement.
function showEvidence(vendor, topic, group, status, values, quotes, review = null) {
  const words = data.terms[group][status];
  const dialog = document.getElementById("evidence");
  dialog.replaceChildren(
    el("form", { method: "dialog" }, el("button", { class: "close" }, ...both("Đóng", "Close"))),
    el("h2", { id: "evidence-title" }, el("bdi", {}, vendor.name), " – ", ...both(topic.vi, topic.en)),
    el("p", {}, el("span", { class: `chip ${group}-${status}` }, ...both(words.vi, words.en)), " ", ...both(words.about_vi, words.about_en)),
    review ? el("p", {}, review) : null,
    values.length ? el("ul", { class: "values" }, values.map((n) => el("li", {}, ...both(inWords(n, "vi"), inWords(n, "en"))))) : null,
    ...quoted(vendor, quotes),
    quotes.length ? null : el("p", {}, source(vendor), " · ", el("a", { href: vendor.href }, ...both("đọc văn bản", "read the text"))),
  );
  dialog.showModal();
}

document.getElementById("evidence").addEventListener("click", (event) => {
  if (event.target.closest("a[href*='view=policy']") || event.target === event.currentTarget) event.currentTarget.close();
});

// Sorting that knows numbers and Vietnamese, and puts what has no answer last both ways.
const compared = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
const lastIfEmpty = (sign) => (a, b) => (a === "" || b === "" ? (a === "") - (b === "") : sign * compared(a, b));
DataTable.ext.type.order["answer-asc"] = lastIfEmpty(1);
DataTable.ext.type.order["answer-desc"] = lastIfEmpty(-1);

// What both tables say, in both languages.
const spans = (vi, en) => `<span class="t" lang="vi">${vi}</span><span class="t" lang="en">${en}</span>`;
const TABLE = {
  autoWidth: false,
  deferRender: true,
  order: [],
  pageLength: 25,
  paging: data.vendors.length > 25,
  info: data.vendors.length > 25,
  lengthMenu: [10, 25, 100, { label: "∞", value: -1 }],
  language: {
    search: spans("Tìm", "Search"),
    lengthMenu: spans("Số dòng", "Rows") + " _MENU_",
    info: spans("Từ _START_ đến _END_ trong _TOTAL_", "_START_ to _END_ of _TOTAL_"),
    infoEmpty: spans("Không có dòng nào", "No rows"),
    infoFiltered: spans("(lọc từ _MAX_)", "(of _MAX_)"),
    zeroRecords: spans("Không nhà cung cấp nào khớp", "No vendor matches"),
    emptyTable: spans("Không có nhà cung cấp nào", "No vendors"),
    aria: {
      orderable: ": sắp xếp / sort",
      orderableReverse: ": đảo thứ tự / reverse the order",
      orderableRemove: ": bỏ sắp xếp / stop sorting",
      paginate: { first: "Trang đầu / First", last: "Trang cuối / Last", next: "Trang sau / Next", previous: "Trang trước / Previous" },
    },
  },
};

const tables = {};
addEventListener("languagechange", () => {
  for (const table of Object.values(tables)) table.rows().invalidate().draw(false);
});
