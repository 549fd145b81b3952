// The quotations most likely to answer the question (a part of answer.js).

function buildQuotes() {
  const section = node("section", "by-quotes");
  section.append(node("h3"), node("ol"));
  return section;
}

function drawQuotes(view, { title, below, quotes }) {
  const [head, list] = view.quotes.children;
  view.quotes.hidden = !quotes.length;
  view.quotes.dataset.place = below ? "below" : "first";
  setText(head, title);
  list.replaceChildren(...quotes.map((quote) => quoteItem(view, quote)));
}

function quoteItem(view, quote) {
  const item = node("li", "by-quote");
  const words = item.appendChild(node("blockquote"));
  words.lang = quote.lang;
  words.dir = "auto";
  words.append(...quote.pieces.map(({ t, mark }) =>
    node(mark === "strong" ? "strong" : "span", mark && `by-${mark}`, t)));
  const from = item.appendChild(node("p", "by-credits"));
  const title = node("cite", "", quote.title);
  title.lang = quote.lang;
  from.append(chip(view, quote.n), " ", title, ...quote.credits.map((credit) => ` · ${credit}`));
  if (quote.translate) from.append(" · ", translator(view, quote));
  if (quote.keep) from.append(" ", keepButton(view, quote.keep));
  return item;
}

// Opens the drawer with the passage and begins its translation there.
function translator(view, quote) {
  const made = button("by-link", quote.translate, "", () => cite(view, quote.n, made, { translate: true }));
  made.dataset.n = quote.n;
  return made;
}

// Above the draft while an answer is written; below it once it is confirmed.
function placeQuotes(view, state) {
  const main = view.text.parentElement;
  const confirmed = state === "answered";
  const unsure = state === "unconfirmed" || state === "not_found";
  put(main, view.quotes, confirmed ? view.legend : view.text);
  put(main, view.notice, unsure ? view.quotes : view.warnings);
}

function put(parent, element, before) {
  if (element.nextElementSibling !== before) parent.insertBefore(element, before);
}
