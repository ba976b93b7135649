// The heatmap: vendors by what the law asks for.

const ORDER = { met: 4, partly: 3, unsure: 2, cut_off: 1, missing: 0 };
const counted = data.elements.map((element, at) => at).filter((at) => data.elements[at].counted);
const metCount = (vendor) => counted.filter((at) => requirementStatus(vendor.elements[at]) === "met").length;

function elementCell(vendor, at) {
  const [cell, element] = [vendor.elements[at], data.elements[at]];
  const status = requirementStatus(cell);
  const words = data.terms.requirement[status];
  const open = () => showEvidence(vendor, element, "requirement", status, [], cell[1]);
  return el("button", { type: "button", class: "cell", "aria-haspopup": "dialog", on: { click: open } }, el("span", { "aria-hidden": "true" }, words.sign), " ", el("span", { class: "word" }, ...both(words.vi, words.en)));
}

views.overview = () => {
  tables.heatmap ??= new DataTable("#heatmap", {
    ...TABLE,
    data: data.vendors,
    columns: [
      { data: null, cellType: "th", type: "answer", className: "vendor", render: (_, type, vendor) => (type === "display" ? vendorLink(vendor) : vendor.name + " " + bare(vendor.name)) },
      ...data.elements.map((_, at) => ({
        data: null,
        type: "answer",
        searchable: false,
        render: (_, type, vendor) => (type === "display" ? elementCell(vendor, at) : ORDER[requirementStatus(vendor.elements[at])]),
        visible: data.elements[at].counted,
        createdCell: (cell, _, vendor) => cell.classList.add(...elementClasses(vendor, at)),
      })),
      { data: null, type: "answer", className: "number", searchable: false, render: (_, type, vendor) => (type === "display" ? `${metCount(vendor)}/${counted.length}` : metCount(vendor)) },
    ],
    createdRow: (row) => row.querySelector("th").setAttribute("scope", "row"),
  });
};

// What is never counted as a gap is not shown as one.
function elementClasses(vendor, at) {
  return [`requirement-${requirementStatus(vendor.elements[at])}`, ...(data.elements[at].counted ? [] : ["uncounted"])];
}

document.getElementById("uncounted").addEventListener("change", (event) => {
  data.elements.forEach((element, at) => element.counted || tables.heatmap.column(at + 1).visible(event.target.checked));
});

function vendorLink(vendor) {
  return el("a", { href: vendor.href }, el("bdi", {}, vendor.name));
}
