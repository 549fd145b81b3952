// The list of conversations: search, open, pin, rename, delete, export, print.

const lists = new WeakMap();
const SEARCH_DELAY_MS = 150; // after the last key

export default function ({ parentElement, data, setTriggerValue }) {
  const view = lists.get(parentElement) ?? build(parentElement);
  view.act = (what) => setTriggerValue("act", what);
  draw(view, data);
}

function build(parent) {
  const root = node("section", "by-conversations");
  const view = { root, seen: "", saved: null };
  view.fresh = root.appendChild(button("by-conversations-new", "", "", () => view.act({ do: "new" })));
  view.search = root.appendChild(node("input", "by-conversations-search"));
  view.search.type = "search";
  view.search.addEventListener("input", () => {
    clearTimeout(view.typing);
    view.typing = setTimeout(() => view.act({ do: "search", text: view.search.value }), SEARCH_DELAY_MS);
  });
  view.search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") moveFocus(event, rows(view));
  });
  view.undo = root.appendChild(node("div", "by-undo"));
  view.undo.setAttribute("role", "status");
  view.list = root.appendChild(node("nav", "by-conversations-list"));
  view.list.addEventListener("keydown", (event) => onKey(view, event));
  view.list.addEventListener("focusin", (event) => rove(view, event.target.closest("li")));
  view.menu = root.appendChild(popover("by-menu", "menu"));
  parent.appendChild(root);
  lists.set(parent, view);
  return view;
}

function draw(view, data) {
  const { texts } = data;
  view.data = data;
  view.root.setAttribute("aria-label", texts.conversations);
  view.list.setAttribute("aria-label", texts.conversations);
  setText(view.fresh, texts.new);
  view.search.placeholder = texts.search;
  view.search.setAttribute("aria-label", texts.search);
  drawUndo(view, data.undo, texts);
  const seen = JSON.stringify([data.groups, data.current, data.note, data.more]);
  if (view.seen !== seen) drawList(view, data);
  view.seen = seen;
  if (data.file && data.file.stamp !== view.saved) save(view, data.file);
}

function drawUndo(view, undo, texts) {
  view.undo.hidden = !undo;
  if (!undo) return view.undo.replaceChildren();
  if (view.undo.dataset.id === undo.id && view.undo.childElementCount) return;
  view.undo.dataset.id = undo.id;
  const words = node("span", "", undo.text);
  words.dir = "auto";
  view.undo.replaceChildren(
    words,
    button("by-link", texts.undo, "", () => view.act({ do: "undo", id: undo.id })),
    button("by-row-button", "×", texts.close, () => view.act({ do: "forget" })),
  );
}

function drawList(view, { groups, current, note, more, texts }) {
  const focused = view.list.contains(document.activeElement)
    ? document.activeElement.closest("li")?.dataset.id : null;
  const parts = groups.flatMap(({ title, rows }) => {
    const list = node("ul");
    list.append(...rows.map((row) => drawRow(view, row, row.id === current)));
    if (!title) return [list];
    const heading = node("h3", "", title);
    list.setAttribute("aria-label", title);
    return [heading, list];
  });
  if (note) parts.push(node("p", "by-credits", note));
  if (more) parts.push(button("by-link", texts.more, "", () => view.act({ do: "more" })));
  view.list.replaceChildren(...parts);
  const items = [...view.list.querySelectorAll("li")];
  rove(view, items.find((item) => item.dataset.id === (focused ?? current)) ?? items[0]);
  if (focused) items.find((item) => item.dataset.id === focused)?.firstChild.focus();
}

function drawRow(view, row, isCurrent) {
  const item = node("li", "by-conversations-row");
  item.dataset.id = row.id;
  const link = item.appendChild(node("a"));
  link.setAttribute("href", `?chat=${encodeURIComponent(row.id)}`);
  if (isCurrent) link.setAttribute("aria-current", "page");
  const title = link.appendChild(node("span", "by-conversations-title", row.title));
  title.dir = "auto";
  if (row.busy)
    link.appendChild(node("span", "by-conversations-busy")).append(node("span", "by-unseen", row.busy));
  if (row.excerpt) link.appendChild(node("span", "by-credits", row.excerpt)).dir = "auto";
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
    event.preventDefault();
    view.act({ do: "open", id: row.id });
    closePhoneSidebar();
  });
  const more = item.appendChild(button("by-row-button", "⋯", row.more, () => openRowMenu(view, row, more)));
  more.setAttribute("aria-haspopup", "menu");
  return item;
}

// On a phone the sidebar covers the page.
function closePhoneSidebar() {
  if (innerWidth < 768) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

// Roving tabindex: one row takes the Tab key, arrow keys move to the others.
function rove(view, item) {
  if (!item) return;
  for (const element of view.list.querySelectorAll("li > a, li > button")) element.tabIndex = -1;
  for (const element of item.querySelectorAll("a, button")) element.tabIndex = 0;
}

function rows(view) {
  return [...view.list.querySelectorAll("li > a")];
}

function onKey(view, event) {
  const item = event.target.closest("li");
  const all = view.data.groups.flatMap((group) => group.rows);
  const row = item && all.find(({ id }) => id === item.dataset.id);
  if (!row || event.target.matches("input")) return;
  if (event.key === "F2") rename(view, row);
  else if (event.key === "Delete") view.act({ do: "delete", id: row.id });
  else if (event.target.matches("a")) moveFocus(event, rows(view));
}

function rename(view, row) {
  const item = [...view.list.querySelectorAll("li")].find(({ dataset }) => dataset.id === row.id);
  const field = node("input", "by-conversations-rename");
  field.value = row.title;
  field.dir = "auto";
  field.setAttribute("aria-label", view.data.texts.title);
  const [link, more] = item.children;
  item.replaceChildren(field);
  field.select();
  let over = false;
  const end = (title) => {
    if (over) return;
    over = true;
    item.replaceChildren(link, more);
    link.focus();
    if (title && title !== row.title) view.act({ do: "rename", id: row.id, title });
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") end(field.value.trim());
    if (event.key === "Escape") end("");
  });
  field.addEventListener("blur", () => end(field.value.trim()));
}

function openRowMenu(view, row, opener) {
  const { texts, current } = view.data;
  const act = (what) => () => view.act({ id: row.id, ...what });
  openMenu(view.menu, opener, [
    { text: row.pinned ? texts.unpin : texts.pin, run: act({ do: "pin", pinned: !row.pinned }) },
    { text: texts.rename, run: () => rename(view, row) },
    { text: texts.markdown, run: act({ do: "save", as: "md" }) },
    { text: texts.json, run: act({ do: "save", as: "json" }) },
    ...(row.id === current ? [{ text: texts.print, run: () => print() }] : []),
    { text: texts.delete, run: act({ do: "delete" }) },
  ]);
}

// Saves a file made by Python, without a request.
function save(view, { name, type, text, stamp }) {
  view.saved = stamp;
  const link = node("a");
  const address = URL.createObjectURL(new Blob([text], { type }));
  link.setAttribute("href", address);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
