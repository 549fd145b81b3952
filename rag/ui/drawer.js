// The drawer: an article beside the page, with the cited passage highlighted. A click on a citation shows the
// passage at once, from the page's data; the article follows from Python.

const drawers = new WeakMap();
const WIDE = matchMedia("(min-width: 1000px)"); // minimum width of the page beside it, as in drawer.css

export default function ({ parentElement, data, setTriggerValue }) {
  const known = drawers.get(parentElement);
  const drawer = known ?? build(parentElement);
  drawer.act = (what) => setTriggerValue("act", what);
  drawer.texts = data.texts;
  drawer.root.setAttribute("aria-label", data.texts.title);
  drawer.closer.setAttribute("aria-label", data.texts.close);
  drawer.closer.title = data.texts.close;
  receive(drawer, data);
  if (!known) listen(drawer);
  return () => setTimeout(() => { if (!drawer.root.isConnected) forget(drawer); });
}

function build(parent) {
  const root = node("dialog", "by-drawer");
  const drawer = { root, shown: "", wanted: "", closed: "" };
  drawer.body = root.appendChild(node("div", "by-drawer-body"));
  drawer.body.tabIndex = 0;
  drawer.closer = root.appendChild(button("by-tool", "", "", () => close(drawer)));
  drawer.closer.append(icon("close"));
  root.addEventListener("cancel", (event) => { event.preventDefault(); close(drawer); });
  parent.appendChild(root);
  drawers.set(parent, drawer);
  return drawer;
}

function listen(drawer) {
  drawer.listeners = new AbortController();
  const { signal } = drawer.listeners;
  document.addEventListener("byline:cite", ({ detail }) => openCitation(drawer, detail), { signal });
  document.addEventListener("keydown", (event) => onKey(drawer, event), { signal });
  WIDE.addEventListener("change", () => { if (drawer.root.open) showDialog(drawer); }, { signal });
}

function forget(drawer) {
  clearInterval(drawer.polling);
  drawer.listeners.abort();
  delete document.documentElement.dataset.drawer;
}

// What is shown ---------------------------------------------------------------------------------

// Shows a clicked citation; `source` is the page's data.
function openCitation(drawer, { exchange, source, opener, translate = false }) {
  drawer.wanted = `${exchange} ${source.n}`;
  drawer.closed = "";
  drawer.exchange = exchange;
  if (drawer.root.open) drawer.opener = opener; // the focus returns to the citation opened last
  drawer.act({ do: "open", id: exchange, n: source.n, translate });
  if (drawer.shown === drawer.wanted) return open(drawer, opener);
  const passage = source.text.split("\n").filter((line) => line.trim());
  show(drawer, {
    ...source, source: "", note: "", why: [], whole: false,
    paragraphs: passage.map((t) => [{ t, mark: "cited" }]),
  });
  open(drawer, opener);
  scrollToCited(drawer);
}

// Shows data from Python, unless another citation has been opened or closed meanwhile.
function receive(drawer, { of, content }) {
  if (of !== drawer.closed) drawer.closed = "";
  if (drawer.closed || (drawer.wanted && of !== drawer.wanted)) return;
  const awaited = Boolean(drawer.wanted);
  drawer.wanted = "";
  if (!content) return hideDialog(drawer);
  const { translation, ...rest } = content;
  const seen = JSON.stringify(rest);
  const same = drawer.shown === of;
  drawer.shown = of;
  if (drawer.seen === seen && drawer.root.open) return drawTranslation(drawer, translation);
  drawer.seen = seen;
  const before = same || awaited ? citedTop(drawer) : null;
  show(drawer, content);
  open(drawer, document.activeElement);
  if (before === null) scrollToCited(drawer);
  else drawer.body.scrollTop += citedTop(drawer) - before; // keeps the scroll position
  drawTranslation(drawer, translation);
}

function show(drawer, data) {
  const focused = drawer.body.contains(document.activeElement) && document.activeElement.dataset.name;
  drawer.body.replaceChildren(article(drawer, data));
  if (focused) drawer.body.querySelector(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  markCurrent(drawer, data.n);
}

// Marks the open citation in the answer.
function markCurrent(drawer, n) {
  for (const chip of document.querySelectorAll(".by-chip[aria-current], .by-source[aria-current]"))
    chip.removeAttribute("aria-current");
  if (n) for (const found of places(drawer, n)) found.setAttribute("aria-current", "true");
}

function places({ exchange }, n) {
  const answers = [...document.querySelectorAll(".by-exchange, .by-compared, .by-kept")];
  const answer = answers.find((one) => one.dataset.id.split(" ").includes(exchange));
  return answer ? [...answer.querySelectorAll(`.by-chip[data-n="${n}"], .by-source[data-n="${n}"]`)] : [];
}

function go(drawer, n) {
  const source = places(drawer, n).find((one) => one.source);
  const detail = { exchange: drawer.exchange, source: source?.source, opener: drawer.opener };
  if (source) openCitation(drawer, detail);
}

function citedTop({ body }) {
  return body.querySelector("mark.by-cited")?.getBoundingClientRect().top ?? null;
}

// Scrolls only the article to the highlight.
function scrollToCited({ body }) {
  const mark = body.querySelector("mark.by-cited");
  if (!mark) return void (body.scrollTop = 0);
  const distance = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
  body.scrollTop += distance - body.clientHeight / 4;
}

// Opening and closing ---------------------------------------------------------------------------

function open(drawer, opener) {
  if (drawer.root.open) return;
  drawer.opener = opener;
  keepInPlace(opener, () => showDialog(drawer));
  drawer.body.focus({ preventScroll: true, focusVisible: false });
}

// Shows the drawer beside the page where there is room; else over it, with the page inert.
function showDialog({ root }) {
  if (root.open) root.close();
  if (WIDE.matches) root.show();
  else root.showModal();
  document.documentElement.dataset.drawer = WIDE.matches ? "beside" : "over";
}

function close(drawer) {
  drawer.closed = drawer.wanted || drawer.shown;
  drawer.wanted = "";
  const inside = drawer.root.contains(document.activeElement) || document.activeElement === document.body;
  drawer.opener?.setAttribute("data-quiet", ""); // its card must not open when it gets the focus back
  hideDialog(drawer);
  if (inside) drawer.opener?.focus({ preventScroll: true });
  drawer.opener?.removeAttribute("data-quiet");
  drawer.act({ do: "close" });
}

function hideDialog(drawer) {
  clearInterval(drawer.polling);
  drawer.shown = drawer.seen = "";
  markCurrent(drawer, 0);
  if (!drawer.root.open) return;
  keepInPlace(drawer.opener, () => {
    drawer.root.close();
    delete document.documentElement.dataset.drawer;
  });
  drawer.body.replaceChildren();
}

// Keeps the clicked element at its place on the screen while the page changes its width.
function keepInPlace(element, work) {
  const page = element?.closest('[data-testid="stMain"]');
  const before = element?.getBoundingClientRect().top;
  work();
  if (page) page.scrollTop += element.getBoundingClientRect().top - before;
}

function onKey(drawer, event) {
  if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented || !drawer.root.open) return;
  if (document.querySelector(":popover-open:not(.by-card)")) return; // the popover closes first
  event.preventDefault();
  close(drawer);
}
