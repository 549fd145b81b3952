// Draws one question and its answer. Everything foreign is set with textContent; nothing here ever
// reads it as HTML. Called again with each snapshot: what did not change keeps its nodes, so words
// do not flicker, and the focus and an open card stay where they are.

const views = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const known = views.get(parentElement);
  const view = known ?? build(parentElement);
  view.act = (what) => setTriggerValue("act", what);
  draw(view, data);
  if (!known && data.latest) view.root.scrollIntoView({ block: "start" });
}

function build(parent) {
  const root = node("article", "by-exchange");
  const view = { root, sources: [], drawn: {} };
  buildQuestion(view);
  view.searched = root.appendChild(node("p", "by-searched"));
  const body = root.appendChild(node("div", "by-body"));
  const main = body.appendChild(node("div", "by-main"));
  view.thoughts = main.appendChild(node("details", "by-thoughts"));
  view.thoughts.append(node("summary"), node("p"));
  view.text = main.appendChild(node("div", "by-text"));
  view.apart = main.appendChild(node("section", "by-apart"));
  view.apart.append(node("h3"), node("ul"));
  view.status = main.appendChild(node("p", "by-status"));
  view.status.setAttribute("role", "status");
  view.notice = main.appendChild(node("div", "by-notice"));
  view.notice.append(node("h3"), node("p"));
  view.warnings = main.appendChild(node("div", "by-warnings"));
  view.legend = main.appendChild(node("p", "by-legend"));
  view.footer = main.appendChild(node("p", "by-footer"));
  view.actions = main.appendChild(node("div", "by-actions"));
  view.aside = body.appendChild(node("aside", "by-sources"));
  const unused = node("details", "by-unused");
  unused.append(node("summary"), node("ol"));
  view.aside.append(node("h3"), node("ol"), unused);
  view.card = buildCard(view);
  view.menu = root.appendChild(popover("by-menu", "menu"));
  view.panel = root.appendChild(popover("by-menu by-panel", "dialog"));
  parent.appendChild(root);
  views.set(parent, view);
  return view;
}

function draw(view, data) {
  view.data = data;
  view.root.dataset.state = data.state;
  view.root.dataset.id = data.id;
  view.root.setAttribute("aria-busy", String(Boolean(data.status)));
  drawQuestion(view, data);
  say(view.searched, data.searched);
  say(view.status, data.status);
  view.status.dataset.elapsed = data.elapsed;
  drawThoughts(view.thoughts, data.thoughts);
  view.text.lang = data.lang || "";
  drawText(view, data);
  once(view, "apart", data.apart, () => drawApart(view.apart, data));
  drawNotice(view.notice, data.notice);
  once(view, "warnings", data.warnings, () =>
    view.warnings.replaceChildren(...data.warnings.map((text) => node("p", "", text))));
  say(view.legend, data.support.some((support) => support.label) ? data.legend : "");
  say(view.footer, data.footer.join(" · "));
  once(view, "actions", [data.actions, data.footer], () => drawActions(view, data.actions));
  drawRating(view, data);
  once(view, "sources", [data.sourcesTitle, data.sources], () => drawSources(view, data));
}

// Runs `work` only where `value` differs from the last time.
function once(view, name, value, work) {
  const seen = JSON.stringify(value);
  if (view.drawn[name] === seen) return;
  view.drawn[name] = seen;
  work();
}

function drawThoughts(details, { label, text }) {
  details.hidden = !text;
  say(details.firstChild, label);
  say(details.lastChild, text);
}

// What the model wrote and no passage bears out: beside the answer, never in it.
function drawApart(section, { apart, lang }) {
  const [title, list] = section.children;
  section.hidden = !apart.sentences.length;
  say(title, apart.title);
  list.replaceChildren(...apart.sentences.map(({ text, reason }) => {
    const item = node("li");
    item.append(node("q", "", text), node("span", "by-credits", reason));
    item.firstChild.lang = lang || "";
    item.firstChild.dir = "auto";
    return item;
  }));
}

function drawNotice(element, notice) {
  element.hidden = !notice;
  if (!notice) return;
  element.dataset.kind = notice.kind;
  say(element.firstChild, notice.title);
  say(element.lastChild, notice.text);
}

// The text ------------------------------------------------------------------------------------

function drawText(view, { paragraphs, support }) {
  const { text } = view;
  once(view, "support", support, () => text.replaceChildren());
  while (text.children.length > paragraphs.length) text.lastChild.remove();
  paragraphs.forEach((paragraph, index) => {
    let element = text.children[index];
    if (!element) element = text.appendChild(node("p"));
    element.className = paragraph.kind === "li" ? "by-item" : "by-p";
    drawParagraph(view, element, groups(paragraph.segments), support);
  });
}

// Segments side by side in the same sentence make one group.
function groups(segments) {
  const made = [];
  for (const segment of segments) {
    const last = made.at(-1);
    if (last && last.s === segment.s) last.segments.push(segment);
    else made.push({ s: segment.s, segments: [segment] });
  }
  return made;
}

function drawParagraph(view, paragraph, wanted, support) {
  while (paragraph.children.length > wanted.length) paragraph.lastChild.remove();
  wanted.forEach((group, index) => {
    let span = paragraph.children[index];
    if (!span) span = paragraph.appendChild(node("span", "by-sentence"));
    const said = support[group.s];
    span.dataset.support = said ? said.level : "";
    span.title = said ? said.label : "";
    drawSegments(view, span, group.segments);
    if (said && said.label && !span.querySelector(".by-unseen"))
      span.appendChild(node("span", "by-unseen", ` (${said.label})`));
  });
}

function drawSegments(view, span, segments) {
  segments.forEach((segment, index) => {
    const there = span.children[index];
    const kind = segment.c ? `c${segment.c}` : "t";
    const words = segment.t ?? "";
    if (there && there.dataset.kind === kind) {
      const text = there.firstChild;
      if (text.data !== words) text.data = words;
      return;
    }
    const made = node("span", segment.c ? "by-cite" : "");
    made.append(document.createTextNode(words));
    if (segment.c) made.append(chip(view, segment.c));
    made.dataset.kind = kind;
    if (there) there.replaceWith(made);
    else span.appendChild(made);
  });
  while (span.children.length > segments.length) span.lastChild.remove();
}

function chip(view, n) {
  const source = view.data.sources[n - 1];
  const made = button("by-chip", String(n), "", () => { hideCard(view); cite(view, n, made); });
  made.dataset.n = n;
  if (source) made.setAttribute("aria-label", source.label);
  made.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch") showCard(view, made, n);
  });
  made.addEventListener("pointerleave", () => hideCardSoon(view));
  made.addEventListener("focus", () => {
    if (made.matches(":focus-visible")) showCard(view, made, n);
  });
  made.addEventListener("blur", () => hideCardSoon(view));
  made.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideCard(view);
  });
  return made;
}
