// The comparison: a row a vendor; columns to choose, filters to add, vendors to set side by side.

const MOST = 4; // vendors side by side
const SHOWN = ["retention", "third_party_sharing", "recipients", "deletion", "consent", "security_measures", "effective_date"];
const chosenVendors = () => (state().get("vs") ?? "").split(",").filter((key) => vendorByKey.has(key)).slice(0, MOST);
const shownColumns = () => state().get("cols")?.split(",") ?? SHOWN;

// What of a vendor a column shows: its own columns of sources.csv, then attributes.
const columns = [
  ...data.own.map((name) => ({ id: `own.${name}`, vi: name, en: name, own: name })),
  ...data.attributes.map((attribute, at) => ({ ...attribute, at })),
];

function answerWords(vendor, at, lang) {
  const cell = vendor.cells[at];
  return data.attributes[at].quotes && !cell[1].length ? quotesOf(vendor, cell[2]).map((quote) => quote.text) : cell[1].map((n) => inWords(n, lang));
}

function answerCell(vendor, at) {
  const cell = vendor.cells[at];
  const status = findingStatus(cell);
  const words = data.terms.finding[status];
  const answers = answerWords(vendor, at);
  const first = cell[2].length ? sentenceLink(vendor, vendor.quotes[cell[2][0]][0]) : vendor.href;
  const said = answers.slice(0, 4).map((answer) => cut(answer, 90)).join("; ") + (answers.length > 4 ? ` (+${answers.length - 4})` : "");
  const open = () => showEvidence(vendor, data.attributes[at], "finding", status, cell[1], cell[2], reviewMark(cell));
  return el(
    "div", { class: "answer" },
    reviewMark(cell),
    status === "stated" ? null : el("em", {}, ...both(words.vi, words.en), said ? ": " : ""),
    said ? el("a", { href: first }, el("bdi", {}, said)) : null,
    cell[2].length ? el("button", { type: "button", class: "quotes", "aria-haspopup": "dialog", on: { click: open } }, "❝ ", String(cell[2].length), el("span", { class: "unseen" }, ...both(" câu làm căn cứ", " sentences"))) : null,
  );
}

function sortKey(vendor, at) {
  const [, , , order] = vendor.cells[at];
  return order ?? answerWords(vendor, at).join("; ");
}

function searchText(vendor, at) {
  const review = data.terms.review[vendor.cells[at][4]];
  const text = [findingStatus(vendor.cells[at]), review ? `${review.vi} ${review.en}` : "", ...answerWords(vendor, at, "vi"), ...answerWords(vendor, at, "en")].join(" ");
  return text + " " + bare(text);
}

function column(one) {
  if (one.own) return { data: null, type: "answer", render: (_, type, vendor) => (type === "filter" ? bare(vendor.own[one.own] ?? "") + " " : "") + (vendor.own[one.own] ?? "") };
  return {
    data: null,
    type: "answer",
    orderSequence: one.id === "retention" ? ["desc", "asc", ""] : ["asc", "desc", ""],
    render: (_, type, vendor) => (type === "display" ? answerCell(vendor, one.at) : type === "filter" ? searchText(vendor, one.at) : sortKey(vendor, one.at)),
    createdCell: (cell, _, vendor) => cell.classList.add(`finding-${findingStatus(vendor.cells[one.at])}`),
  };
}

function nameCell(vendor) {
  const chosen = chosenVendors();
  const box = el("input", { type: "checkbox", value: vendor.key, "aria-label": `${vendor.name}: đặt cạnh nhau / side by side`, on: { change: choose } });
  box.checked = chosen.includes(vendor.key);
  box.disabled = !box.checked && chosen.length >= MOST;
  return el("div", { class: "named" }, box, vendorLink(vendor));
}

function choose(event) {
  const others = chosenVendors().filter((key) => key !== event.target.value);
  remember({ vs: [...others, ...(event.target.checked ? [event.target.value] : [])].join(",") });
  countChosen();
}

function countChosen() {
  const chosen = chosenVendors();
  document.getElementById("chosen").textContent = chosen.length;
  for (const box of document.querySelectorAll("#comparison input")) box.disabled = !box.checked && chosen.length >= MOST;
}

views.table = () => {
  if (!tables.comparison) {
    tables.comparison = new DataTable("#comparison", {
      ...TABLE,
      data: data.vendors,
      columns: [
        { data: null, cellType: "th", type: "answer", className: "vendor", render: (_, type, vendor) => (type === "display" ? nameCell(vendor) : type === "filter" ? `${vendor.name} ${bare(vendor.name)}` : vendor.name) },
        ...columns.map(column),
      ],
      createdRow: (row) => row.querySelector("th").setAttribute("scope", "row"),
    });
    offerColumns();
    offerFilters();
  }
  showColumns();
  showFilters();
  countChosen();
};

function offerColumns() {
  const box = (one) => el("label", { class: "check" }, el("input", { type: "checkbox", value: one.id, on: { change: pickColumns } }), " ", ...both(one.vi, one.en));
  const all = (ids, vi, en) => el("button", { type: "button", on: { click: () => { remember({ cols: ids && ids.join(",") }); showColumns(); } } }, ...both(vi, en));
  document.getElementById("columns").append(...columns.map(box), all(columns.map((one) => one.id), "Tất cả", "All"), all(null, "Mặc định", "Default"));
}

function pickColumns() {
  const picked = [...document.querySelectorAll("#columns input:checked")].map((box) => box.value);
  remember({ cols: picked.join(",") || "-" });
  showColumns();
}

function showColumns() {
  const wanted = new Set(shownColumns());
  for (const box of document.querySelectorAll("#columns input")) box.checked = wanted.has(box.value);
  columns.forEach((one, at) => tables.comparison.column(at + 1).visible(wanted.has(one.id), false));
}

// A filter stands in the address as "column~s:status", "column~v:value" or, for an element of the law, "regime/id~s:status".
function filters() {
  return state().getAll("f").map((written) => {
    const [id, kind, wanted] = written.match(/^(.*)~([sv]):(.*)$/s)?.slice(1) ?? [];
    return { written, id, kind, wanted };
  }).filter((filter) => filter.id);
}

const elementId = (element) => `${element.regime}/${element.id}`;

// Statuses and values of a vendor under what a filter names.
function facets(vendor, id) {
  const one = columns.find((other) => other.id === id);
  if (one?.own) return [`v:${vendor.own[one.own] ?? ""}`];
  if (one) return [`s:${findingStatus(vendor.cells[one.at])}`, ...(one.quotes ? [] : vendor.cells[one.at][1].map((n) => `v:${inWords(n, "vi")}`))];
  const at = data.elements.findIndex((element) => elementId(element) === id);
  return at < 0 ? [] : [`s:${requirementStatus(vendor.elements[at])}`];
}

function passes(vendor, filter) {
  return facets(vendor, filter.id).includes(`${filter.kind}:${filter.wanted}`);
}

function filterWords(id, facet) {
  const group = columns.some((one) => one.id === id) ? "finding" : "requirement";
  if (facet.startsWith("s:")) return data.terms[group][facet.slice(2)]?.[language()] ?? facet;
  const number = data.values.findIndex((words) => words[0] === facet.slice(2));
  return number < 0 ? facet.slice(2) || "–" : inWords(number);
}

function offerFilters() {
  const group = (label, options) => el("optgroup", { label }, options.map(([value, text]) => el("option", { value }, text)));
  const columnChoice = document.getElementById("filter-column");
  const offer = () => {
    columnChoice.replaceChildren(
      group(language() === "en" ? "Topics" : "Mục so sánh", columns.map((one) => [one.id, one[language()]])),
      group(language() === "en" ? "Elements of the law" : "Nội dung theo luật", data.elements.map((one) => [elementId(one), `${one.article} ${one[language()]}`])),
    );
    offerValues();
  };
  columnChoice.addEventListener("change", offerValues);
  addEventListener("languagechange", () => { offer(); showFilters(); });
  document.getElementById("filter-add").addEventListener("click", () => {
    const added = `${columnChoice.value}~${document.getElementById("filter-value").value}`;
    remember({ f: [...new Set([...state().getAll("f"), added])] });
    showFilters();
  });
  offer();
}

// Values of the chosen column with how many vendors have them: statuses first, then the most frequent.
function offerValues() {
  const id = document.getElementById("filter-column").value;
  const counted = new Map();
  for (const vendor of data.vendors) for (const facet of new Set(facets(vendor, id))) counted.set(facet, (counted.get(facet) ?? 0) + 1);
  const ordered = [...counted].sort(([a, n], [b, m]) => b.startsWith("s:") - a.startsWith("s:") || m - n).slice(0, 300);
  document.getElementById("filter-value").replaceChildren(...ordered.map(([facet, n]) => el("option", { value: facet }, `${cut(filterWords(id, facet), 60)} (${n})`)));
}

function showFilters() {
  const name = (id) => columns.find((one) => one.id === id) ?? data.elements.find((one) => elementId(one) === id);
  const remove = (written) => () => { remember({ f: state().getAll("f").filter((other) => other !== written) }); showFilters(); };
  document.getElementById("filter-list").replaceChildren(
    ...filters().filter((filter) => name(filter.id)).map((filter) =>
      el("li", {}, `${name(filter.id)[language()]}: ${filterWords(filter.id, `${filter.kind}:${filter.wanted}`)} `, el("button", { type: "button", on: { click: remove(filter.written) } }, "✕", el("span", { class: "unseen" }, ...both("Bỏ lọc", "Remove filter")))),
    ),
  );
  // Without filters none is set: the table would put together the text of every cell for it.
  const chosen = filters();
  tables.comparison.search.fixed("filters", chosen.length ? (_, vendor) => chosen.every((filter) => passes(vendor, filter)) : null).draw();
}
