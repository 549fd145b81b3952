// An article in brief: its key sentences, names, dates and figures (a part of drawer.js).

function brief(made, { digest, lang }, { language }) {
  const root = node("details", "by-brief");
  root.open = digest.open;
  root.lang = language;
  root.append(node("summary", "", digest.title));
  const list = root.appendChild(node("ul"));
  list.lang = lang;
  for (const piece of digest.sentences) list.appendChild(node("li")).append(place(made, piece));
  const rows = root.appendChild(node("dl"));
  for (const { label, pieces } of digest.rows) {
    rows.append(node("dt", "", label));
    const cell = rows.appendChild(node("dd"));
    cell.lang = lang;
    pieces.forEach((piece, n) => cell.append(n ? " · " : "", place(made, piece)));
  }
  return root;
}

// Words of the article; a click scrolls to their paragraph.
function place(made, { t, at }) {
  const link = button("by-place", t, "", () => {
    const paragraph = made.querySelectorAll(".by-article-text > p")[at];
    if (paragraph) flash(paragraph);
  });
  link.dir = "auto";
  return link;
}
