// The lines that cleaning has removed from an article (a part of drawer.js).

function leftOut(drawer, { left }) {
  const made = node("section", "by-left-out");
  made.lang = drawer.texts.language;
  made.append(left.lines.length ? leftOutLines(left) : node("p", "", left.status));
  const act = () => drawer.act({ do: "as_is", id: left.id, as_is: left.as_is });
  const offer = button("by-link", left.offer, "", act);
  offer.dataset.name = "as-is";
  offer.title = left.offer_more;
  if (left.offer) made.append(offer);
  return made;
}

function leftOutLines({ status, lines, more }) {
  const made = node("details");
  made.append(node("summary", "", status));
  const list = made.appendChild(node("ul"));
  for (const { t, why } of lines) {
    const item = list.appendChild(node("li"));
    const line = item.appendChild(node("span", "", t));
    line.dir = "auto";
    line.lang = "";
    item.append(" ", node("small", "", why));
  }
  if (more) made.append(node("p", "", more));
  return made;
}
