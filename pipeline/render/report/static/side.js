// Two to four vendors side by side, topic by topic, with the quotes.

const FEW = 3; // quotes in a cell

views.side = () => {
  let chosen = chosenVendors();
  if (chosen.length < 2) chosen = [...new Set([...chosen, ...data.vendors.map((vendor) => vendor.key)])].slice(0, 2);
  offerVendors(chosen);
  drawSide(chosen.map((key) => vendorByKey.get(key)));
};

function offerVendors(chosen) {
  const ordered = [...data.vendors].sort((a, b) => collator.compare(a.name, b.name));
  const picker = (at) => {
    const none = at < 2 ? [] : [el("option", { value: "" }, "–")];
    const select = el("select", { on: { change: pick } }, none, ordered.map((vendor) => el("option", { value: vendor.key }, vendor.name)));
    select.value = chosen[at] ?? "";
    return el("label", {}, ...both(`Nhà cung cấp ${at + 1}`, `Vendor ${at + 1}`), select);
  };
  const pick = () => {
    const picked = [...document.querySelectorAll("#side-choice select")].map((select) => select.value).filter(Boolean);
    remember({ vs: [...new Set(picked)].join(",") });
    drawSide([...new Set(picked)].map((key) => vendorByKey.get(key)));
  };
  const few = Math.min(MOST, data.vendors.length);
  document.getElementById("side-choice").replaceChildren(...Array.from({ length: few }, (_, at) => picker(at)));
}

function drawSide(vendors) {
  const head = vendors.map((vendor) => el("th", { scope: "col" }, vendorLink(vendor), el("div", { class: "quiet" }, source(vendor))));
  const topics = [
    { vi: "Nội dung theo luật (sơ bộ)", en: "What the law asks for (preliminary)", rows: data.elements.map((element, at) => elementRow(vendors, element, at)) },
    { vi: "Mục so sánh", en: "Topics", rows: data.attributes.map((attribute, at) => attributeRow(vendors, attribute, at)) },
  ];
  document.getElementById("side").replaceChildren(
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, ...both("Mục", "Topic")), ...head)),
    ...topics.map((topic) => el("tbody", {}, el("tr", { class: "group" }, el("th", { scope: "rowgroup", colspan: vendors.length + 1 }, ...both(topic.vi, topic.en))), ...topic.rows)),
  );
  onlyDiffering();
}

function elementRow(vendors, element, at) {
  const cells = vendors.map((vendor) => sideCell(vendor, "requirement", requirementStatus(vendor.elements[at]), [], vendor.elements[at][1], elementClasses(vendor, at)));
  const same = new Set(vendors.map((vendor) => requirementStatus(vendor.elements[at]))).size === 1;
  return el("tr", { "data-same": String(same) }, el("th", { scope: "row" }, `${element.article} `, ...both(element.vi, element.en)), ...cells);
}

function attributeRow(vendors, attribute, at) {
  const cells = vendors.map((vendor) => {
    const [, values, quotes] = vendor.cells[at];
    return sideCell(vendor, "finding", findingStatus(vendor.cells[at]), values, quotes, undefined, reviewMark(vendor.cells[at]));
  });
  const said = (vendor) => findingStatus(vendor.cells[at]) + [...answerWords(vendor, at, "vi")].sort().join("\n");
  return el("tr", { "data-same": String(new Set(vendors.map(said)).size === 1) }, el("th", { scope: "row" }, ...both(attribute.vi, attribute.en)), ...cells);
}

function sideCell(vendor, group, status, values, quotes, classes = [`${group}-${status}`], review = null) {
  const words = data.terms[group][status];
  const shownQuotes = quotesOf(vendor, quotes.slice(0, FEW)).map(({ sentence, text }) => el("blockquote", { lang: "vi" }, el("bdi", {}, cut(text, 240)), " ", el("a", { href: sentenceLink(vendor, sentence) }, ...both(`câu ${sentence}`, `sentence ${sentence}`))));
  const more = quotes.slice(FEW).map((n) => el("a", { href: sentenceLink(vendor, vendor.quotes[n][0]) }, String(vendor.quotes[n][0]), " "));
  return el(
    "td", { class: classes.join(" ") },
    review,
    el("strong", { class: "status" }, words.sign ? `${words.sign} ` : "", ...both(words.vi, words.en)),
    values.length ? el("ul", { class: "values" }, values.map((n) => el("li", {}, ...both(inWords(n, "vi"), inWords(n, "en"))))) : null,
    ...shownQuotes,
    more.length ? el("p", { class: "quiet" }, ...both("cả câu ", "also sentences "), ...more) : null,
  );
}

function onlyDiffering() {
  const only = document.getElementById("side-differing").checked;
  for (const row of document.querySelectorAll("#side tr[data-same]")) row.hidden = only && row.dataset.same === "true";
}

document.getElementById("side-differing").addEventListener("change", onlyDiffering);
