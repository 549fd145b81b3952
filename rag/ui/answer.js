// Draws one question and its answer. Untrusted text is set with textContent, never as HTML. Called for
// each snapshot: unchanged parts keep their nodes, so words do not flicker, and focus and cards stay.

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
  say(view.searched, data.searched);
  say(view.status, data.status);
  view.status.dataset.elapsed = data.elapsed;
  drawThoughts(view.thoughts, data.thoughts);
  view.text.lang = data.lang || "";
  drawText(view, data);
  once(view, "timeline", data.timeline, () => drawTimeline(view, data.timeline));
  once(view, "apart", data.apart, () => drawApart(view.apart, data));
  once(view, "quotes", data.quotes, () => drawQuotes(view, data.quotes));
  placeQuotes(view, data.state);
  once(view, "offers", data.offers, () => drawOffers(view.offers, data.offers));
  drawNotice(view.notice, data.notice);
  once(view, "warnings", data.warnings, () =>
    view.warnings.replaceChildren(...data.warnings.map((text) => node("p", "", text))));
  say(view.legend, view.text.querySelector("[data-support=partly], [data-support=unsupported]") ? data.legend : "");
  say(view.footer, data.footer.join(" · "));
  once(view, "actions", [data.actions, data.footer], () => drawActions(view, data.actions));
  drawRating(view, data);
  once(view, "next", data.next, () => drawNext(view.next, data.next));
  once(view, "sources", [data.sourcesTitle, data.sources], () => drawSources(view, data));
}

function drawNext(root, next) {
  root.hidden = !next?.questions.length;
  if (root.hidden) return root.replaceChildren();
  const list = node("ul", "by-offers");
  drawOffers(list, next.questions);
  root.replaceChildren(node("span", "", next.title), list);
}

// Questions to go on with; the outbox asks the one that is clicked.
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
  say(details.firstChild, label);
  say(details.lastChild, text);
}
