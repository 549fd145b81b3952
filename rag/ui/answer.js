// Draws one question and its answer. Called for each snapshot: unchanged parts keep their nodes, so that
// words do not flicker, and focus and cards stay.

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
  view.keep = (element, paragraph) => keepSentence(view, element, paragraph);
  buildQuestion(view);
  view.searched = root.appendChild(node("p", "by-searched"));
  const body = root.appendChild(node("div", "by-body"));
  const main = body.appendChild(node("div", "by-main"));
  view.thoughts = main.appendChild(node("details", "by-thoughts"));
  view.thoughts.append(node("summary"), node("p"));
  view.quotes = main.appendChild(buildQuotes());
  view.axis = main.appendChild(node("div", "by-axis"));
  view.axis.hidden = true;
  view.axis.setAttribute("aria-hidden", "true");
  view.text = main.appendChild(node("div", "by-text"));
  view.offers = main.appendChild(node("ul", "by-offers"));
  view.apart = main.appendChild(buildApart());
  view.status = main.appendChild(node("p", "by-status"));
  view.status.setAttribute("role", "status");
  view.notice = main.appendChild(node("div", "by-notice"));
  view.notice.append(node("h3"), node("p"));
  view.warnings = main.appendChild(node("div", "by-warnings"));
  view.legend = main.appendChild(node("p", "by-legend"));
  view.footer = main.appendChild(node("p", "by-footer"));
  view.actions = main.appendChild(node("div", "by-actions"));
  view.next = main.appendChild(node("div", "by-next"));
  view.aside = body.appendChild(buildSources());
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
  setText(view.searched, data.searched);
  setText(view.status, data.status);
  view.status.dataset.elapsed = data.elapsed;
  drawThoughts(view.thoughts, data.thoughts);
  view.text.lang = data.lang || "";
  drawText(view, data);
  ifChanged(view, "timeline", data.timeline, () => drawTimeline(view, data.timeline));
  ifChanged(view, "apart", data.apart, () => drawApart(view.apart, data));
  ifChanged(view, "quotes", data.quotes, () => drawQuotes(view, data.quotes));
  placeQuotes(view, data.state);
  ifChanged(view, "offers", data.offers, () => drawOffers(view.offers, data.offers));
  drawNotice(view.notice, data.notice);
  ifChanged(view, "warnings", data.warnings, () =>
    view.warnings.replaceChildren(...data.warnings.map((text) => node("p", "", text))));
  const isMarked = view.text.querySelector("[data-support=partly], [data-support=unsupported]");
  setText(view.legend, isMarked ? data.legend : "");
  setText(view.footer, data.footer.join(" · "));
  ifChanged(view, "actions", [data.actions, data.footer], () => drawActions(view, data.actions));
  drawRating(view, data);
  ifChanged(view, "next", data.next, () => drawNext(view.next, data.next));
  ifChanged(view, "sources", [data.sourcesTitle, data.sources], () => drawSources(view, data));
}

function drawNext(root, next) {
  root.hidden = !next?.questions.length;
  if (root.hidden) return root.replaceChildren();
  const list = node("ul", "by-offers");
  drawOffers(list, next.questions);
  root.replaceChildren(node("span", "", next.title), list);
}

// Suggested questions; the outbox asks the one that is clicked.
function drawOffers(list, offers) {
  list.hidden = !offers.length;
  list.replaceChildren(...offers.map((text) => {
    const item = node("li");
    item.append(button("by-link", text, "", () =>
      document.dispatchEvent(new CustomEvent("byline:ask", { detail: text }))));
    return item;
  }));
}

function drawThoughts(details, { label, text }) {
  details.hidden = !text;
  setText(details.firstChild, label);
  setText(details.lastChild, text);
}
