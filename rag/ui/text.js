// An answer's text with its citations and checks (a part of answer.js and compare.js).

const CLASSES = { li: "by-item", h: "by-head", th: "by-column-head", td: "by-cell" };

function drawText(view, { paragraphs, support }) {
  const { text } = view;
  ifChanged(view, "support", support, () => text.replaceChildren());
  while (text.children.length > paragraphs.length) text.lastChild.remove();
  const columns = paragraphs.filter((paragraph) => paragraph.kind === "th").length;
  text.classList.toggle("by-table-text", columns > 0);
  text.style.setProperty("--by-columns", columns || 1);
  paragraphs.forEach((paragraph, index) => {
    let element = text.children[index];
    if (!element) element = text.appendChild(node("p"));
    element.className = CLASSES[paragraph.kind] ?? "by-p";
    element.dataset.label = paragraph.label ?? "";
    if (paragraph.kind === "h") { // below the question, which is of level 2
      element.setAttribute("role", "heading");
      element.setAttribute("aria-level", "3");
    } else for (const name of ["role", "aria-level"]) element.removeAttribute(name);
    drawParagraph(view, element, groups(paragraph.segments), support);
    view.keep?.(element, paragraph);
  });
}

// Adjacent segments of one sentence form a group.
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
  const spans = [...paragraph.querySelectorAll(":scope > .by-sentence")];
  while (spans.length > wanted.length) spans.pop().remove();
  wanted.forEach((group, index) => {
    let span = spans[index];
    const keep = paragraph.querySelector(":scope > .by-keep");
    if (!span) paragraph.insertBefore(span = node("span", "by-sentence"), keep);
    const check = support[group.s];
    span.dataset.support = check ? check.level : "";
    span.title = check ? check.label : "";
    drawSegments(view, span, group.segments);
    if (check && check.label && !span.querySelector(".by-unseen"))
      span.appendChild(node("span", "by-unseen", ` (${check.label})`));
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
    if (event.pointerType !== "touch" && positionOf(event) !== pointerAt) showCard(view, made, n);
  });
  made.addEventListener("pointerleave", () => hideCardSoon(view));
  made.addEventListener("focus", () => {
    if (made.matches(":focus-visible:not([data-quiet])")) showCard(view, made, n);
  });
  made.addEventListener("blur", () => hideCardSoon(view));
  return made;
}

// Beside the text -----------------------------------------------------------------------------

// Unsupported sentences, listed below the answer; collapsed where there is no answer.
function buildApart() {
  const details = node("details", "by-apart");
  details.append(node("summary"), node("ul"));
  return details;
}

function drawApart(details, { apart, lang }) {
  const [title, list] = details.children;
  details.hidden = !apart.sentences.length;
  details.open = !apart.folded;
  setText(title, apart.title);
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
  setText(element.firstChild, notice.title);
  setText(element.lastChild, notice.text);
}

// Runs `work` only where `value` has changed.
function ifChanged(view, name, value, work) {
  const seen = JSON.stringify(value);
  if (view.drawn[name] === seen) return;
  view.drawn[name] = seen;
  work();
}
