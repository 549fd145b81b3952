// An article with highlights, and its actions (a part of drawer.js).

function article(drawer, data) {
  const { texts } = drawer;
  const made = node("article", "by-article");
  made.lang = data.lang;
  const title = node("h2", "by-article-title", data.title);
  title.dir = "auto";
  const credits = inInterface("p", "by-credits", data.credits.join(" · "), texts);
  made.append(tools(drawer, data), title, credits, node("p", "by-address", data.source));
  if (data.note) made.append(inInterface("p", "by-article-note", data.note, texts));
  if (data.why.length) made.append(why(data, texts));
  if (data.digest) made.append(brief(made, data, texts));
  const text = made.appendChild(node("div", "by-article-text"));
  text.dir = "auto";
  data.paragraphs.forEach((pieces) => text.appendChild(paragraph(pieces, texts)));
  if (data.left) made.append(leftOut(drawer, data));
  return made;
}

function inInterface(tag, className, text, texts) {
  const made = node(tag, className, text);
  made.lang = texts.language;
  return made;
}

// Buttons: previous and next citation, copy the reference, ask about the article, correct it, open the
// original.
function tools(drawer, { id, mend, around, reference, address }) {
  const { texts } = drawer;
  const bar = node("div", "by-drawer-tools");
  bar.lang = texts.language;
  if (around) bar.append(...steps(drawer, around));
  const copy = button("by-link", texts.copy, "", async () => {
    await navigator.clipboard.writeText(reference);
    setText(copy, texts.copied);
    setTimeout(() => setText(copy, texts.copy), 1500);
  });
  copy.dataset.name = "copy";
  copy.disabled = !reference;
  bar.append(copy);
  if (id) {
    const ask = bar.appendChild(button("by-link", texts.ask, "", () => drawer.act({ do: "ask", id })));
    ask.dataset.name = "ask";
  }
  if (mend) bar.append(button("by-link", mend, "", () => drawer.act({ do: "mend", ids: [id] })));
  if (address) {
    const link = bar.appendChild(node("a", "by-link", texts.open));
    link.setAttribute("href", address); // Python passes only http and https
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return bar;
}

// Previous and next citation; an article without citations has none.
function steps(drawer, around) {
  const back = iconButton("chevron_left", drawer.texts.previous, () => go(drawer, around.previous));
  const on = iconButton("chevron_right", drawer.texts.next, () => go(drawer, around.next));
  back.dataset.name = "previous";
  on.dataset.name = "next";
  back.disabled = !around.previous;
  on.disabled = !around.next;
  return [back, node("span", "by-version", around.text), on];
}

// Why the passage was found.
function why({ why: parts }, texts) {
  const made = node("details", "by-why");
  made.lang = texts.language;
  made.append(node("summary", "", texts.why), node("p", "", parts.join(" · ")));
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
