// Answers of several models side by side, above the passages that all of them have read.

const comparisons = new WeakMap();

export default function ({ parentElement, data }) {
  const view = comparisons.get(parentElement) ?? build(parentElement);
  view.root.dataset.id = data.answers.map((answer) => answer.id).join(" ");
  setText(view.question, data.question);
  const columns = data.answers.map((answer) => column(view, answer.id));
  if (view.columns.children.length !== columns.length || columns.some((one) => !one.root.isConnected))
    view.columns.replaceChildren(...columns.map((one) => one.root));
  data.answers.forEach((answer, index) => draw(columns[index], answer));
  view.data = data.answers.find((answer) => answer.sources.length) ?? data.answers[0];
  ifChanged(view, "sources", [view.data.sourcesTitle, view.data.sources], () => drawSources(view, view.data));
}

function build(parent) {
  const root = parent.appendChild(node("section", "by-compared"));
  const view = { root, known: new Map(), drawn: {} };
  view.question = root.appendChild(node("h3", "by-question"));
  view.question.dir = "auto";
  view.columns = root.appendChild(node("div", "by-columns"));
  view.aside = root.appendChild(buildSources());
  comparisons.set(parent, view);
  return view;
}

function column(view, id) {
  if (view.known.has(id)) return view.known.get(id);
  const root = node("article", "by-column");
  const made = { root, aside: view.aside, drawn: {} };
  made.name = root.appendChild(node("h4"));
  made.status = root.appendChild(node("p", "by-status"));
  made.status.setAttribute("role", "status");
  made.text = root.appendChild(node("div", "by-text"));
  made.apart = root.appendChild(buildApart());
  made.notice = root.appendChild(node("div", "by-notice"));
  made.notice.append(node("h3"), node("p"));
  made.warnings = root.appendChild(node("div", "by-warnings"));
  made.figures = root.appendChild(node("dl", "by-figures"));
  made.card = buildCard(made);
  view.known.set(id, made);
  return made;
}

function draw(made, data) {
  made.data = data;
  made.root.dataset.state = data.state;
  made.root.setAttribute("aria-busy", String(Boolean(data.status)));
  setText(made.name, data.model);
  setText(made.status, data.status);
  made.text.lang = data.lang || "";
  drawText(made, data);
  ifChanged(made, "apart", data.apart, () => drawApart(made.apart, data));
  drawNotice(made.notice, data.notice);
  ifChanged(made, "warnings", data.warnings, () =>
    made.warnings.replaceChildren(...data.warnings.map((text) => node("p", "", text))));
  ifChanged(made, "figures", data.figures, () => made.figures.replaceChildren(...data.figures.map(figure)));
}

function figure({ name, value }) {
  const row = node("div");
  row.append(node("dt", "", name), node("dd", "", value));
  return row;
}
