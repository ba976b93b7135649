// Saves a chart as SVG, or as PNG of twice its size.

function saveFile(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function savePicture(figure, kind) {
  const svg = figure.querySelector(`[lang="${language()}"] svg`);
  const text = new XMLSerializer().serializeToString(svg);
  if (kind === "svg") return saveFile(new Blob([text], { type: "image/svg+xml" }), `${figure.id}.svg`);
  const picture = new Image();
  picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await picture.decode();
  const canvas = el("canvas", { width: 2 * svg.width.baseVal.value, height: 2 * svg.height.baseVal.value });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => saveFile(blob, `${figure.id}.png`), "image/png");
}

for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => savePicture(button.closest("figure"), button.dataset.save));
}
