// The sources beside an answer, and the card over a citation (a part of answer.js).

// The sources ---------------------------------------------------------------------------------

function buildSources() {
  const aside = node("aside", "by-sources");
  const unused = node("details", "by-unused");
  unused.append(node("summary"), node("ol"));
  aside.append(node("h3"), node("ol"), unused);
  return aside;
}

function drawSources(view, { sources, sourcesTitle, read, unused }) {
  const [title, list, more] = view.aside.children;
  view.aside.hidden = !sources.length;
  view.aside.setAttribute("aria-label", sourcesTitle);
  setText(title, sourcesTitle);
  drawList(view, list, sources.slice(0, read));
  more.hidden = sources.length === read;
  setText(more.firstChild, unused);
  drawList(view, more.lastChild, sources.slice(read));
}

function drawList(view, list, sources) {
  const items = sources.map((source, index) => {
    const there = list.children[index];
    const item = there?.firstChild.dataset.n === String(source.n) ? there : sourceItem(view, source.n);
    fillSource(item.firstChild, source);
    return item;
  });
  if (list.children.length !== items.length || items.some((item, index) => list.children[index] !== item))
    list.replaceChildren(...items);
}

function sourceItem(view, n) {
  const item = node("li");
  const made = item.appendChild(button("by-source", "", "", () => cite(view, n, made)));
  made.dataset.n = n;
  const words = node("span", "by-source-words");
  words.append(node("span", "by-source-title"), node("span", "by-credits"), node("span", "by-excerpt"),
    node("span", "by-credits"));
  made.append(node("span", "by-number"), words);
  return item;
}

// Opens the drawer at once, without a request.
function cite(view, n, opener, more = {}) {
  hideCard(view);
  const detail = { exchange: view.data.id, source: view.data.sources[n - 1], opener, ...more };
  document.dispatchEvent(new CustomEvent("byline:cite", { detail }));
}

function fillSource(button, source) {
  button.source = source; // for the drawer, to find the next citation
  const [number, words] = button.children;
  const [title, credits, excerpt, why] = words.children;
  button.setAttribute("aria-label", [source.open, ...source.credits].join(", "));
  button.dataset.used = source.used ? "yes" : "no";
  setText(number, source.unread ? "" : String(source.n));
  setForeignText(title, source.title, source.lang);
  setText(credits, [...source.credits, source.aside].filter(Boolean).join(" · "));
  setForeignText(excerpt, source.excerpt, source.lang);
  setText(why, source.unread ? source.why.join(" · ") : "");
}

// The card over a citation --------------------------------------------------------------------

function buildCard(view) {
  const card = node("div", "by-card");
  card.setAttribute("role", "tooltip");
  card.popover = "manual";
  card.append(node("p", "by-card-title"), node("p", "by-card-text"), node("p", "by-credits"));
  card.addEventListener("pointerenter", () => clearTimeout(view.hiding));
  card.addEventListener("pointerleave", () => hideCardSoon(view));
  view.root.appendChild(card);
  return card;
}

// The last position of the pointer: a card must not open when a new layout moves a citation under a resting
// pointer.
let pointerAt = "";
const followPointer = (event) => { pointerAt = positionOf(event); };
document.addEventListener("pointermove", followPointer, { capture: true, passive: true });

function positionOf({ screenX, screenY }) {
  return `${screenX} ${screenY}`;
}

function showCard(view, at, n) {
  const source = view.data.sources[n - 1];
  if (!source) return;
  clearTimeout(view.hiding);
  view.onEscape ??= ({ key }) => { if (key === "Escape") hideCard(view); };
  document.addEventListener("keydown", view.onEscape, true);
  const [title, text, credits] = view.card.children;
  setForeignText(title, source.title, source.lang);
  setForeignText(text, source.excerpt, source.lang);
  setText(credits, source.credits.join(" · "));
  view.card.showPopover();
  placeBeside(view.card, at.getBoundingClientRect(), { above: true });
  highlightSource(view, n);
}

function hideCardSoon(view) {
  clearTimeout(view.hiding);
  view.hiding = setTimeout(() => hideCard(view), 160);
}

function hideCard(view) {
  clearTimeout(view.hiding);
  document.removeEventListener("keydown", view.onEscape, true);
  if (view.card?.matches(":popover-open")) view.card.hidePopover();
  highlightSource(view, null);
}

// Highlights the citation's source in the list.
function highlightSource(view, n) {
  for (const button of view.aside.querySelectorAll(".by-source"))
    button.classList.toggle("by-meant", button.dataset.n === String(n));
}
