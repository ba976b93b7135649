// A policy: its text by clause categories, the values of entities, the sentence that the address names.

views.policy = (now) => {
  const place = document.querySelector('[data-view="policy"]');
  if (place && place.firstElementChild?.dataset.doc !== now.get("doc")) {
    const wanted = document.querySelector(`template[data-doc="${CSS.escape(now.get("doc"))}"]`);
    place.replaceChildren(...(wanted ? [wanted.content.cloneNode(true)] : both("Không có chính sách này.", "No such policy.")));
  }
  for (const mark of document.querySelectorAll(".policy mark")) mark.title = mark.dataset[language()];
  document.querySelector("li.target")?.classList.remove("target");
  const sentence = now.get("s") === null ? null : document.getElementById("s" + now.get("s"));
  if (!sentence) return;
  if (sentence.hidden) onlyCategories(new Set());
  sentence.classList.add("target");
  sentence.scrollIntoView({ block: "center" });
  sentence.tabIndex = -1;
  sentence.focus({ preventScroll: true });
};

// Shows the sentences of the chosen categories, all for none.
function onlyCategories(chosen) {
  for (const button of document.querySelectorAll(".policy [data-category][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(chosen.has(button.dataset.category)));
  }
  for (const row of document.querySelectorAll(".policy .text > li")) {
    row.hidden = chosen.size > 0 && !row.dataset.category.split(" ").some((category) => chosen.has(category));
  }
}

document.getElementById("main").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-category]");
  if (button) {
    const pressed = document.querySelectorAll('.policy [data-category][aria-pressed="true"]');
    const chosen = new Set([...pressed].map((other) => other.dataset.category));
    if (!chosen.delete(button.dataset.category)) chosen.add(button.dataset.category);
    onlyCategories(chosen);
  }
  const mark = event.target.closest("mark");
  if (mark) say(mark.dataset[language()]);
});
