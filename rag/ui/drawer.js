// Draws an article with the cited passage marked, and scrolls to it. All text by textContent.

const shown = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const seen = JSON.stringify(data);
  if (shown.get(parentElement) === seen) return;
  shown.set(parentElement, seen);
  const article = build(data, (n) => setTriggerValue("show", n));
  const focused = parentElement.contains(document.activeElement) && document.activeElement.dataset.name;
  parentElement.querySelector(".by-article")?.remove();
  parentElement.appendChild(article);
  if (focused) article.querySelector(`[data-name="${focused}"]`)?.focus();
  requestAnimationFrame(() => show(article.querySelector("mark.by-cited")));
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

function build(data, go) {
  const article = node("article", "by-article");
  article.lang = data.lang;
  const title = node("h2", "by-article-title", data.title);
  title.dir = "auto";
  const credits = inInterface("p", "by-credits", data.credits.join(" · "), data);
  const source = node("p", "by-address", data.source);
  article.append(tools(data, go), title, credits, source);
  if (data.note) article.append(inInterface("p", "by-article-note", data.note, data));
  if (data.why.length) article.append(why(data));
  const text = article.appendChild(node("div", "by-article-text"));
  text.dir = "auto";
  data.paragraphs.forEach((pieces) => text.appendChild(paragraph(pieces, data.texts)));
  return article;
}

function inInterface(tag, className, text, data) {
  const made = node(tag, className, text);
  made.lang = data.interface;
  return made;
}

// Previous and next citation; the article as a reference; its original, where it has an address.
function tools({ around, texts, reference, address, interface: language }, go) {
  const bar = node("div", "by-drawer-tools");
  bar.lang = language;
  if (around) bar.append(...steps(around, texts, go));
  const copy = button("by-link", texts.copy, "", async () => {
    await navigator.clipboard.writeText(reference);
    say(copy, texts.copied);
    setTimeout(() => say(copy, texts.copy), 1500);
  });
  bar.append(copy);
  if (address) {
    const link = bar.appendChild(node("a", "by-link", texts.open));
    link.setAttribute("href", address); // Python lets only http and https through
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return bar;
}

// To the citations before and after; an article that is only read has none.
function steps(around, texts, go) {
  const back = tool("chevron_left", texts.previous, () => go(around.previous));
  const on = tool("chevron_right", texts.next, () => go(around.next));
  back.dataset.name = "previous";
  on.dataset.name = "next";
  back.disabled = !around.previous;
  on.disabled = !around.next;
  return [back, node("span", "by-version", around.text), on];
}

// What the passage's score is made of: small bars, each with its figure.
function why({ why: parts, texts, interface: language }) {
  const made = node("details", "by-why");
  made.lang = language;
  made.append(node("summary", "", texts.why));
  const list = made.appendChild(node("dl"));
  for (const { name, figure, part } of parts) {
    const row = list.appendChild(node("div"));
    const bar = node("span", "by-bar");
    bar.style.width = `${Math.min(Math.abs(part), 1) * 6}rem`;
    bar.dataset.sign = part < 0 ? "minus" : "plus";
    const value = node("dd");
    value.append(bar, figure);
    row.append(node("dt", "", name), value);
  }
  return made;
}

function paragraph(pieces, texts) {
  const made = node("p");
  for (const { t, mark } of pieces) {
    const piece = node(mark ? "mark" : "span", mark && `by-${mark}`, t);
    if (mark) piece.setAttribute("aria-label", texts[mark]);
    made.append(piece);
  }
  return made;
}
