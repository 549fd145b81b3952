// The list of conversations: search, open, pin, rename, delete, export, print.

const shelves = new WeakMap();
const TYPING = 150; // milliseconds to wait after the last key

export default function ({ parentElement, data, setTriggerValue }) {
  const shelf = shelves.get(parentElement) ?? build(parentElement);
  shelf.act = (what) => setTriggerValue("act", what);
  draw(shelf, data);
}

function build(parent) {
  const root = node("section", "by-shelf");
  const shelf = { root, seen: "", saved: null };
  shelf.fresh = root.appendChild(button("by-shelf-new", "", "", () => shelf.act({ do: "new" })));
  shelf.search = root.appendChild(node("input", "by-shelf-search"));
  shelf.search.type = "search";
  shelf.search.addEventListener("input", () => {
    clearTimeout(shelf.typing);
    shelf.typing = setTimeout(() => shelf.act({ do: "search", text: shelf.search.value }), TYPING);
  });
  shelf.search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(event, rows(shelf));
  });
  shelf.undo = root.appendChild(node("div", "by-shelf-undo"));
  shelf.undo.setAttribute("role", "status");
  shelf.list = root.appendChild(node("nav", "by-shelf-list"));
  shelf.list.addEventListener("keydown", (event) => onKey(shelf, event));
  shelf.list.addEventListener("focusin", (event) => rove(shelf, event.target.closest("li")));
  shelf.menu = root.appendChild(popover("by-menu", "menu"));
  parent.appendChild(root);
  shelves.set(parent, shelf);
  return shelf;
}

function draw(shelf, data) {
  const { texts } = data;
  shelf.data = data;
  shelf.root.setAttribute("aria-label", texts.conversations);
  shelf.list.setAttribute("aria-label", texts.conversations);
  say(shelf.fresh, texts.new);
  shelf.search.placeholder = texts.search;
  shelf.search.setAttribute("aria-label", texts.search);
  drawUndo(shelf, data.undo, texts);
  const seen = JSON.stringify([data.groups, data.current, data.note, data.more]);
  if (shelf.seen !== seen) drawList(shelf, data);
  shelf.seen = seen;
  if (data.file && data.file.stamp !== shelf.saved) save(shelf, data.file);
}

function drawUndo(shelf, undo, texts) {
  shelf.undo.hidden = !undo;
  if (!undo) return shelf.undo.replaceChildren();
  if (shelf.undo.dataset.id === undo.id && shelf.undo.childElementCount) return;
  shelf.undo.dataset.id = undo.id;
  const words = node("span", "", undo.text);
  words.dir = "auto";
  shelf.undo.replaceChildren(
    words,
    button("by-link", texts.undo, "", () => shelf.act({ do: "undo", id: undo.id })),
    button("by-shelf-more", "×", texts.close, () => shelf.act({ do: "forget" })),
  );
}

function drawList(shelf, { groups, current, note, more, texts }) {
  const focused = shelf.list.contains(document.activeElement)
    ? document.activeElement.closest("li")?.dataset.id : null;
  const parts = groups.flatMap(({ title, rows }) => {
    const list = node("ul");
    list.append(...rows.map((row) => drawRow(shelf, row, row.id === current)));
    if (!title) return [list];
    const heading = node("h3", "", title);
    list.setAttribute("aria-label", title);
    return [heading, list];
  });
  if (note) parts.push(node("p", "by-credits", note));
  if (more) parts.push(button("by-link", texts.more, "", () => shelf.act({ do: "more" })));
  shelf.list.replaceChildren(...parts);
  const items = [...shelf.list.querySelectorAll("li")];
  rove(shelf, items.find((item) => item.dataset.id === (focused ?? current)) ?? items[0]);
  if (focused) items.find((item) => item.dataset.id === focused)?.firstChild.focus();
}

function drawRow(shelf, row, isCurrent) {
  const item = node("li", "by-shelf-row");
  item.dataset.id = row.id;
  const link = item.appendChild(node("a"));
  link.setAttribute("href", `?chat=${encodeURIComponent(row.id)}`);
  if (isCurrent) link.setAttribute("aria-current", "page");
  const title = link.appendChild(node("span", "by-shelf-title", row.title));
  title.dir = "auto";
  if (row.busy) link.appendChild(node("span", "by-shelf-busy")).append(node("span", "by-unseen", row.busy));
  if (row.excerpt) link.appendChild(node("span", "by-credits", row.excerpt)).dir = "auto";
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
    event.preventDefault();
    shelf.act({ do: "open", id: row.id });
    letSeeThePage();
  });
  const more = item.appendChild(button("by-shelf-more", "⋯", row.more, () => openRowMenu(shelf, row, more)));
  more.setAttribute("aria-haspopup", "menu");
  return item;
}

// On a phone the sidebar covers the page.
function letSeeThePage() {
  if (innerWidth < 768) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

// Roving tabindex: one row takes the Tab key, arrow keys move to the others.
function rove(shelf, item) {
  if (!item) return;
  for (const element of shelf.list.querySelectorAll("li > a, li > button")) element.tabIndex = -1;
  for (const element of item.querySelectorAll("a, button")) element.tabIndex = 0;
}

function rows(shelf) {
  return [...shelf.list.querySelectorAll("li > a")];
}

function onKey(shelf, event) {
  const item = event.target.closest("li");
  const row = item && shelf.data.groups.flatMap((group) => group.rows).find(({ id }) => id === item.dataset.id);
  if (!row || event.target.matches("input")) return;
  if (event.key === "F2") rename(shelf, row);
  else if (event.key === "Delete") shelf.act({ do: "delete", id: row.id });
  else if (event.target.matches("a")) step(event, rows(shelf));
}

function rename(shelf, row) {
  const item = [...shelf.list.querySelectorAll("li")].find(({ dataset }) => dataset.id === row.id);
  const field = node("input", "by-shelf-rename");
  field.value = row.title;
  field.dir = "auto";
  field.setAttribute("aria-label", shelf.data.texts.title);
  const [link, more] = item.children;
  item.replaceChildren(field);
  field.select();
  let over = false;
  const end = (title) => {
    if (over) return;
    over = true;
    item.replaceChildren(link, more);
    link.focus();
    if (title && title !== row.title) shelf.act({ do: "rename", id: row.id, title });
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") end(field.value.trim());
    if (event.key === "Escape") end("");
  });
  field.addEventListener("blur", () => end(field.value.trim()));
}

function openRowMenu(shelf, row, opener) {
  const { texts, current } = shelf.data;
  const act = (what) => () => shelf.act({ id: row.id, ...what });
  openMenu(shelf.menu, opener, [
    { text: row.pinned ? texts.unpin : texts.pin, does: act({ do: "pin", pinned: !row.pinned }) },
    { text: texts.rename, does: () => rename(shelf, row) },
    { text: texts.markdown, does: act({ do: "save", as: "md" }) },
    { text: texts.json, does: act({ do: "save", as: "json" }) },
    ...(row.id === current ? [{ text: texts.print, does: () => print() }] : []),
    { text: texts.delete, does: act({ do: "delete" }) },
  ]);
}

// Saves a file made by Python, without a request.
function save(shelf, { name, type, text, stamp }) {
  shelf.saved = stamp;
  const link = node("a");
  const address = URL.createObjectURL(new Blob([text], { type }));
  link.setAttribute("href", address);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
