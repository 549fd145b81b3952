// A timeline, drawn above its entries (a part of answer.js). Only for pointers: hidden from screen readers,
// which read the entries.

function drawTimeline(view, timeline) {
  const { axis } = view;
  axis.hidden = !timeline;
  axis.replaceChildren();
  if (!timeline) return;
  axis.style.setProperty("--by-lanes", Math.max(...timeline.points.map((point) => point.lane)) + 1);
  for (const { at, text } of timeline.ticks) axis.append(placed("span", "by-tick", at, 0, text));
  for (const point of timeline.points) {
    const dot = placed("button", "by-dot", point.at, point.lane, "");
    dot.type = "button";
    dot.tabIndex = -1;
    dot.title = point.text;
    dot.addEventListener("click", () => showEntry(view, point.s));
    axis.append(dot);
  }
}

function placed(tag, className, at, lane, text) {
  const made = node(tag, className, text);
  made.style.setProperty("--by-at", at);
  made.style.setProperty("--by-lane", lane);
  return made;
}

// Scrolls to the entry of a sentence.
function showEntry(view, n) {
  const number = view.data.paragraphs.findIndex(({ segments }) => segments.some(({ s }) => s === n));
  const entry = view.text.children[number];
  if (entry) flash(entry);
}
