// A checked draft: each sentence with its finding, beside quotations from the articles.

const drafts = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const view = drafts.get(parentElement) ?? build(parentElement);
  view.act = (what) => setTriggerValue("act", what);
  view.list.setAttribute("aria-label", data.label);
  setText(view.notices, data.notices.join(" "));
  setText(view.legend, data.legend);
  data.sentences.forEach((sentence, index) => {
    const seen = JSON.stringify(sentence);
    const shown = view.list.children[index];
    if (shown?.seen === seen) return;
    const made = item(view, sentence);
    made.seen = seen;
    if (shown) shown.replaceWith(made);
    else view.list.append(made);
  });
  while (view.list.children.length > data.sentences.length) view.list.lastChild.remove();
}

function build(parent) {
  const root = parent.appendChild(node("section", "by-draft"));
  const view = { root };
  view.notices = root.appendChild(node("p", "by-draft-notices"));
  view.notices.setAttribute("role", "status");
  view.legend = root.appendChild(node("p", "by-credits"));
  view.list = root.appendChild(node("ol"));
  drafts.set(parent, view);
  return view;
}

function item(view, sentence) {
  const made = node("li", "by-draft-sentence");
  made.dataset.finding = sentence.finding;
  const checked = made.appendChild(node("div", "by-draft-checked"));
  const text = checked.appendChild(node("p"));
  text.lang = sentence.lang;
  text.dir = "auto";
  text.append(...sentence.pieces.map(({ t, mark }) => node(mark ? "em" : "span", mark && `by-${mark}`, t)));
  const found = checked.appendChild(node("p", "by-draft-finding"));
  const sign = found.appendChild(node("span", "by-draft-sign", sentence.sign));
  sign.setAttribute("aria-hidden", "true");
  found.append(node("span", "", sentence.word));
  checked.append(...sentence.differences.map((line) => node("p", "by-draft-difference", line)));
  if (!sentence.quotes.length) return made;
  const beside = made.appendChild(node("div", "by-draft-beside"));
  if (sentence.lead) beside.append(node("p", "by-credits", sentence.lead));
  beside.append(...sentence.quotes.map((quote) => quotation(view, sentence, quote)));
  return made;
}

function quotation(view, sentence, quote) {
  const made = node("div", "by-quote");
  const words = made.appendChild(node("blockquote"));
  words.lang = quote.lang;
  words.dir = "auto";
  words.append(...quote.pieces.map(({ t, mark }) => node(mark || "span", "", t)));
  const from = made.appendChild(node("p", "by-credits"));
  const open = () => view.act({ do: "open", sentence: sentence.n, quote: quote.n });
  const title = node("cite", "", quote.title);
  title.lang = quote.lang;
  const chip = button("by-chip", String(quote.n), quote.opens, open);
  from.append(chip, " ", title, ...quote.credits.map((one) => ` · ${one}`));
  return made;
}
