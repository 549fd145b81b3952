// The notebook: answers and quotations that were kept, and notes between them. Changes are queued and drawn
// at once: what is drawn is the state at the server with the queued changes.

const books = new WeakMap();
const TYPING_MS = 400; // after the last key, until a note is sent

export default function ({ parentElement, data, setTriggerValue, setStateValue }) {
  const known = books.get(parentElement);
  const book = known ?? build(parentElement);
  book.act = (what) => setTriggerValue("act", what);
  queue.send = (value) => setStateValue("sent", value);
  queue.onSend = (changes) => noteSent(book, changes);
  book.data = data;
  noteDone(book, removeDone(data.done));
  draw(book);
  if (data.file && data.file.stamp !== book.saved) saveFile(book, data.file);
  if (!known && sendableChanges().length) flushChanges();
  return () => setTimeout(() => { if (!book.root.isConnected) forget(book); });
}

function build(parent) {
  const root = parent.appendChild(node("section", "by-notebook"));
  const book = { root, drawn: {}, items: new Map(), chains: new Map(), listeners: new AbortController() };
  book.bar = root.appendChild(node("div", "by-notebook-bar"));
  book.form = root.appendChild(node("form", "by-notebook-form"));
  book.messages = root.appendChild(node("div", "by-notebook-messages"));
  book.empty = root.appendChild(node("div", "by-notebook-empty"));
  book.empty.append(node("h3"), node("p"));
  book.first = root.appendChild(button("by-notebook-add", "", "", () => addNote(book, "")));
  book.list = root.appendChild(node("ol"));
  book.menu = root.appendChild(popover("by-menu", "menu"));
  buildBar(book);
  listen(book);
  books.set(parent, book);
  return book;
}

// Polls the server when another tab has changed something, and when this one becomes visible.
function listen(book) {
  const { signal } = book.listeners, poll = () => book.act({ do: "poll" });
  addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(CHANGE) && newValue === null) poll();
  }, { signal });
  document.addEventListener("byline:copies", () => draw(book), { signal });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); }, { signal });
}

function forget(book) {
  book.listeners.abort();
  clearTimeout(queue.timer);
}

// What is drawn -----------------------------------------------------------------------------------

// The entries at the server, with the queued changes applied.
function currentEntries({ data }) {
  const copies = window.bylineCopies ?? {};
  const copyOf = (entry) => (entry.kind === "note" ? { ...entry } : copies[entry.id]);
  let entries = data.entries.map(copyOf).filter(Boolean);
  const id = data.notebook?.id ?? "";
  for (const change of waitingChanges())
    if ((change.notebook ?? "") === id) entries = applied(entries, change);
  return entries;
}

function applied(entries, change) {
  const at = entries.findIndex((one) => one.id === change.entry);
  switch (change.do) {
    case "note": {
      if (at >= 0) return entries;
      const after = entries.findIndex((one) => one.id === change.after);
      const note = { id: change.entry, kind: "note", text: change.text };
      return [...entries.slice(0, after + 1), note, ...entries.slice(after + 1)];
    }
    case "edit": {
      const forked = entries.find((one) => one.id === change.fork) ?? entries[at];
      if (forked) forked.text = change.text;
      return entries;
    }
    case "move": {
      if (at < 0) return entries;
      const rest = entries.filter((one) => one.id !== change.entry);
      const to = rest.findIndex((one) => one.id === change.before);
      rest.splice(to < 0 ? rest.length : to, 0, entries[at]);
      return rest;
    }
    case "remove":
      return entries.filter((one) => one.id !== change.entry);
    default:
      return entries;
  }
}

function draw(book) {
  const { texts } = book.data;
  const entries = (book.entries = currentEntries(book));
  drawBar(book);
  drawMessages(book);
  book.empty.hidden = entries.length > 0;
  setText(book.empty.children[0], texts.empty_title);
  setText(book.empty.children[1], texts.empty_more);
  setText(book.first, texts.add_note);
  book.list.setAttribute("aria-label", texts.title);
  placeItems(book, entries);
}

// Moves only the nodes that are out of place, so that the focus stays.
function placeItems(book, entries) {
  const ids = new Set(entries.map(({ id }) => id));
  for (const [id, item] of book.items) {
    if (ids.has(id)) continue;
    item.root.remove();
    book.items.delete(id);
  }
  const focused = document.activeElement;
  entries.forEach((entry, index) => {
    const item = book.items.get(entry.id) ?? buildItem(book, entry);
    fillItem(book, item, entry, index, entries.length);
    const there = book.list.children[index] ?? null;
    if (there !== item.root) book.list.insertBefore(item.root, there);
  });
  if (focused !== document.activeElement && book.list.contains(focused)) focused.focus();
}

function buildItem(book, entry) {
  const root = node("li", "by-kept");
  root.dataset.id = entry.id;
  root.dataset.kind = entry.kind;
  const item = { root, aside: root, drawn: {}, data: { id: entry.id, sources: [] } };
  if (entry.kind === "note") buildNote(book, item, entry.id);
  else buildKept(item, entry);
  buildTools(book, item, entry.id);
  book.items.set(entry.id, item);
  return item;
}

function fillItem(book, item, entry, index, count) {
  const { up, down } = item.tools;
  [up.disabled, down.disabled] = [index === 0, index === count - 1];
  for (const name of ["up", "down", "add", "remove"]) {
    const text = book.data.texts[name === "add" ? "add_note_after" : name];
    item.tools[name].title = text;
    item.tools[name].setAttribute("aria-label", text);
  }
  if (entry.kind === "note") return fillNote(book, item, entry);
  if (item.copy !== entry) fillKept(book, item, entry);
  item.copy = entry;
}

// Answers and quotations ---------------------------------------------------------------------------

function buildKept(item, { kind }) {
  const { root } = item;
  if (kind === "answer") {
    item.head = root.appendChild(node("h3", "by-kept-question"));
    item.text = root.appendChild(node("div", "by-text"));
  } else {
    item.head = root.appendChild(node("p", "by-kept-label"));
    item.text = root.appendChild(node("blockquote"));
  }
  item.made = root.appendChild(node("p", "by-credits"));
  item.from = root.appendChild(node("ul", "by-kept-sources"));
  item.card = buildCard(item);
}

function fillKept(book, item, entry) {
  item.data = { id: entry.id, sources: entry.sources };
  item.text.lang = entry.lang || "";
  item.text.dir = "auto";
  item.head.dir = "auto";
  if (entry.kind === "answer") {
    setText(item.head, entry.question);
    drawText(item, entry);
  } else {
    setText(item.head, entry.label);
    setText(item.text, entry.text);
  }
  setText(item.made, entry.made ?? entry.asked);
  item.from.setAttribute("aria-label", book.data.texts.sources);
  item.from.replaceChildren(...entry.sources.map((source) => sourceLine(item, source)));
}

function sourceLine(item, source) {
  const line = node("li"), made = chip(item, source.n);
  made.source = source; // for the drawer, to find the next one
  const title = node("cite", "", source.title);
  title.lang = source.lang;
  title.dir = "auto";
  line.append(made, " ", title, ...source.credits.map((credit) => ` · ${credit}`));
  return line;
}

// Order and removal --------------------------------------------------------------------------------

function buildTools(book, item, id) {
  const bar = node("div", "by-kept-tools");
  item.tools = {
    up: iconButton("arrow_upward", "", () => moveEntry(book, id, -1)),
    down: iconButton("arrow_downward", "", () => moveEntry(book, id, 1)),
    add: iconButton("add_notes", "", () => addNote(book, id)),
    remove: iconButton("close", "", () => removeEntry(book, id)),
  };
  bar.append(...Object.values(item.tools));
  item.root.append(bar);
}

// Queues a change of this notebook, draws it and sends it.
function change(book, what) {
  putChange({ ...what, notebook: book.data.notebook?.id ?? "" });
  draw(book);
  flushChanges();
}

function moveEntry(book, id, by) {
  const ids = book.entries.map((one) => one.id), at = ids.indexOf(id);
  const { root, tools } = book.items.get(id);
  change(book, { do: "move", entry: id, before: (by < 0 ? ids[at - 1] : ids[at + 2]) ?? "" });
  root.scrollIntoView({ block: "nearest" });
  const [wanted, other] = by < 0 ? [tools.up, tools.down] : [tools.down, tools.up];
  (wanted.disabled ? other : wanted).focus();
}

function removeEntry(book, id) {
  const at = book.entries.findIndex((one) => one.id === id);
  book.removed = { id, notebook: book.data.notebook?.id };
  change(book, { do: "remove", entry: id });
  const next = book.entries[at] ?? book.entries[at - 1];
  (next ? book.items.get(next.id).tools.remove : book.first).focus();
}
