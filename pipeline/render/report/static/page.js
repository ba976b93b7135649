// What every page has: state in the address (#view=table&lang=en), the language switch, elements made without markup.

const KEPT = ["lang", "vs", "cols", "f"];
const views = {};
let shown = null;

function state() {
  return new URLSearchParams(location.hash.slice(1));
}

function language() {
  return state().get("lang") === "en" ? "en" : "vi";
}

// Changes the address without leaving the view; null removes a key.
function remember(changes) {
  const now = state();
  for (const [key, value] of Object.entries(changes)) {
    now.delete(key);
    for (const one of [value].flat()) if (one) now.append(key, one);
  }
  history.replaceState(null, "", "#" + now);
}

// An element; text is always text, never markup.
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, call] of Object.entries(value)) made.addEventListener(event, call);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

// A text in both languages; the style sheet shows one.
function both(vi, en) {
  return [el("span", { class: "t", lang: "vi" }, vi), el("span", { class: "t", lang: "en" }, en)];
}

function show() {
  if (location.hash && !location.hash.includes("=")) return; // a skip link
  const now = state();
  const name = now.get("view") ?? document.querySelector("[data-view]")?.dataset.view ?? "policy";
  document.documentElement.lang = language();
  for (const part of document.querySelectorAll("[data-view]")) part.hidden = part.dataset.view !== name;
  for (const link of document.querySelectorAll("nav a")) {
    if (new URLSearchParams(link.hash.slice(1)).get("view") === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  views[name]?.(now);
  const place = name + now.get("doc");
  if (shown !== null && place !== shown && !now.get("s")) {
    document.querySelector(`[data-view="${CSS.escape(name)}"] h1`)?.setAttribute("tabindex", "-1");
    document.querySelector(`[data-view="${CSS.escape(name)}"] h1`)?.focus();
    scrollTo(0, 0);
  }
  shown = place;
}

// A link within the report takes along language, chosen vendors, columns and filters.
function carry(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || !/^(#|[^:]*\.html#)/.test(link.getAttribute("href")) || !link.hash.includes("=")) return;
  const [now, target] = [state(), new URLSearchParams(link.hash.slice(1))];
  for (const key of KEPT) {
    target.delete(key);
    for (const value of now.getAll(key)) target.append(key, value);
  }
  link.hash = target;
}

function say(text) {
  const tip = document.getElementById("tip");
  tip.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (tip.textContent = ""), 6000);
}

document.addEventListener("click", carry, true);
document.addEventListener("auxclick", carry, true);
document.getElementById("language").addEventListener("click", () => {
  remember({ lang: language() === "en" ? null : "en" });
  show();
  dispatchEvent(new Event("languagechange"));
});
