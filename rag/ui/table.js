// A table: its headings sort, its titles open, its rows can be selected for actions. Streamlit's own table is
// a canvas, which screen readers cannot read.

const tables = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const table = tables.get(parentElement) ?? build(parentElement);
  table.act = (what) => setTriggerValue("act", what);
  const seen = JSON.stringify(data);
  if (table.seen === seen) return;
  table.seen = seen;
  draw(table, data);
}

function build(parent) {
  const root = parent.appendChild(node("section", "by-list"));
  const table = { root, chosen: new Set() };
  tables.set(parent, table);
  return table;
}

function draw(table, data) {
  const { root, chosen } = table;
  if (table.scope !== data.scope || !data.pager) { // a selection survives a change of page only
    const ids = new Set(data.rows.map((row) => row.id));
    for (const id of chosen) if (!ids.has(id)) chosen.delete(id);
  }
  table.scope = data.scope;
  root.setAttribute("aria-label", data.label);
  const parts = [drawUndo(table, data)];
  if (data.actions.length) parts.push((table.bar = drawBar(table, data)));
  if (data.rows.length) parts.push(drawTable(table, data), drawPager(table, data));
  else parts.push(node("p", "by-list-empty", data.empty));
  root.replaceChildren(...parts.filter(Boolean));
  if (data.actions.length) drawSelection(table, data);
}

function drawUndo(table, { undo }) {
  if (!undo) return null;
  const bar = node("p", "by-list-undo");
  bar.setAttribute("role", "status");
  const undoIt = () => table.act({ do: "undo" });
  bar.append(node("span", "", undo.text), button("by-link", undo.button, "", undoIt));
  return bar;
}

// Actions on selected rows --------------------------------------------------------

function drawBar(table, { actions }) {
  const bar = node("div", "by-list-bar");
  bar.append(node("span", "by-list-chosen"));
  for (const action of actions)
    bar.append(button("by-list-action", action.text, "", () => {
      table.act({ do: action.do, ids: [...table.chosen] });
      if (action.do === "remove") table.chosen.clear();
    }));
  return bar;
}

function drawSelection(table, { chosenText, rows }) {
  const [text, ...buttons] = table.bar.children;
  text.textContent = chosenText.replace("{n}", String(table.chosen.size));
  for (const each of buttons) each.disabled = !table.chosen.size;
  const all = table.root.querySelector("thead input");
  if (!all) return;
  const shown = rows.filter((row) => table.chosen.has(row.id)).length;
  all.checked = rows.length > 0 && shown === rows.length;
  all.indeterminate = shown > 0 && !all.checked;
}

function box(label, checked, work) {
  const made = node("input");
  made.type = "checkbox";
  made.checked = checked;
  made.setAttribute("aria-label", label);
  made.addEventListener("change", () => work(made.checked));
  return made;
}

// The table ------------------------------------------------------------------------------------

function drawTable(table, data) {
  const made = node("table");
  made.setAttribute("aria-label", data.label);
  const head = made.appendChild(node("thead")).appendChild(node("tr"));
  if (data.actions.length) {
    const all = box(data.chooseAll, false, (on) => selectAll(table, data, on));
    head.appendChild(node("th", "by-list-box")).append(all);
  }
  for (const column of data.columns) head.append(drawHead(table, column));
  const body = made.appendChild(node("tbody"));
  for (const row of data.rows) body.append(drawRow(table, data, row));
  return made;
}

function selectAll(table, data, on) {
  for (const row of data.rows) table.chosen[on ? "add" : "delete"](row.id);
  for (const each of table.root.querySelectorAll("tbody input")) each.checked = on;
  drawSelection(table, data);
}

function drawHead(table, { key, text, sorted, kind }) {
  const head = node("th", kind);
  head.scope = "col";
  if (sorted === null) {
    head.textContent = text;
    return head;
  }
  if (sorted) head.setAttribute("aria-sort", sorted);
  const arrow = { ascending: " ↑", descending: " ↓" }[sorted] ?? "";
  const sort = button("", text, "", () => table.act({ do: "sort", by: key }));
  if (arrow) sort.appendChild(node("span", "", arrow)).setAttribute("aria-hidden", "true");
  head.append(sort);
  return head;
}

function drawRow(table, data, row) {
  const made = node("tr");
  if (data.actions.length) {
    const chosen = table.chosen.has(row.id);
    const each = box(row.choose, chosen, (on) => {
      table.chosen[on ? "add" : "delete"](row.id);
      drawSelection(table, data);
    });
    made.appendChild(node("td", "by-list-box")).append(each);
  }
  row.cells.forEach((text, index) => made.append(drawCell(table, data.columns[index], row, text)));
  return made;
}

function drawCell(table, column, row, text) {
  const cell = node("td", column.kind);
  if (row.doubt === column.key) cell.classList.add("doubt");
  cell.dataset.head = column.text;
  if (!text) return cell;
  const place = column.opens
    ? button("by-list-title", "", "", () => table.act({ do: "open", id: row.id }))
    : node("span");
  setForeignText(place, text, column.foreign ? row.lang : "");
  cell.append(place);
  if (column.opens && row.note)
    setForeignText(cell.appendChild(node("p", "by-list-note")), row.note, row.lang);
  return cell;
}

function drawPager(table, { pager }) {
  if (!pager) return null;
  const made = node("nav", "by-list-pager");
  made.setAttribute("aria-label", pager.label);
  const turn = (text, to) => {
    const each = button("by-list-action", text, "", () => table.act({ do: "page", to }));
    each.disabled = to < 1 || to > pager.pages;
    return each;
  };
  const text = node("span", "", pager.text);
  made.append(turn(pager.previous, pager.page - 1), text, turn(pager.next, pager.page + 1));
  return made;
}
