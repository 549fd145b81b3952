// Draws an article with the cited passage marked, and scrolls to it. All text by textContent.

const shown = new WeakMap();

export default function ({ parentElement, data }) {
  const seen = JSON.stringify(data);
  if (shown.get(parentElement) === seen) return;
  shown.set(parentElement, seen);
  const article = build(data);
  parentElement.querySelector(".by-article")?.remove();
  parentElement.appendChild(article);
  requestAnimationFrame(() => show(article.querySelector("mark")));
}

// Scrolls the box around the article, and nothing else: the drawer is still sliding in.
function show(mark) {
  let box = mark?.parentElement;
  while (box && !(box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY)))
    box = box.parentElement;
  if (!box) return;
  const down = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += down - box.clientHeight / 3;
}

function build(data) {
  const article = node("article", "by-article");
  article.lang = data.lang;
  const title = node("h2", "by-article-title", data.title);
  title.dir = "auto";
  const credits = node("p", "by-credits", data.credits.join(" · "));
  credits.lang = data.interface;
  const source = node("p", "by-address", data.source);
  article.append(title, credits, source);
  if (data.note) article.append(note(data));
  const text = article.appendChild(node("div", "by-article-text"));
  text.dir = "auto";
  data.paragraphs.forEach((pieces) => text.appendChild(paragraph(pieces, data.label)));
  return article;
}

function note({ note: text, interface: language }) {
  const made = node("p", "by-article-note", text);
  made.lang = language;
  return made;
}

function paragraph(pieces, label) {
  const made = node("p");
  for (const { t, mark } of pieces) {
    const piece = node(mark ? "mark" : "span", "", t);
    if (mark) piece.setAttribute("aria-label", label);
    made.append(piece);
  }
  return made;
}
