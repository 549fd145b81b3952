// The bar of the notebook (a part of notebook.js): choose, name, export; and messages.

function buildBar(book) {
  const { bar } = book;
  book.choice = bar.appendChild(node("select"));
  book.choice.addEventListener("change", () => {
    flushChanges();
    book.act({ do: "show", id: book.choice.value });
  });
  const openActions = () => openMenu(book.menu, book.more, notebookActions(book));
  const openFormats = () => openMenu(book.menu, book.export, exportFormats(book));
  book.more = bar.appendChild(iconButton("more_horiz", "", openActions));
  book.export = bar.appendChild(button("by-tool", "", "", openFormats));
  book.export.append(icon("download"), node("span"));
  for (const opener of [book.more, book.export]) opener.setAttribute("aria-haspopup", "menu");
  book.state = bar.appendChild(node("span", "by-credits"));
  book.state.setAttribute("role", "status");
  book.form.hidden = true;
}

function drawBar(book) {
  const { texts, notebook, notebooks, failed } = book.data;
  book.choice.hidden = notebooks.length < 1;
  book.choice.setAttribute("aria-label", texts.choose);
  ifChanged(book, "choice", [notebooks, notebook], () => {
    book.choice.replaceChildren(...notebooks.map(({ id, name }) => {
      const option = node("option", "", name);
      option.value = id;
      option.selected = id === notebook?.id;
      return option;
    }));
  });
  book.more.title = texts.actions;
  book.more.setAttribute("aria-label", texts.actions);
  setText(book.export.lastChild, texts.save_as);
  book.export.hidden = !book.entries.length;
  const waiting = sendableChanges().length > 0;
  setText(book.state, failed || (waiting ? texts.saving : book.entries.length ? texts.saved : ""));
  book.state.dataset.failed = failed ? "yes" : "";
}

function notebookActions(book) {
  const { texts, notebook } = book.data;
  const added = [{ text: texts.new, run: () => askName(book, "", (name) => book.act({ do: "new", name })) }];
  if (!notebook) return added;
  return [
    ...added,
    {
      text: texts.rename,
      run: () => askName(book, notebook.name, (name) => book.act({ do: "rename", id: notebook.id, name })),
    },
    { text: texts.delete, run: () => book.act({ do: "delete", id: notebook.id }) },
  ];
}

function exportFormats(book) {
  const { forms, notebook } = book.data;
  return forms.map(({ form, text }) => ({
    text, run: () => { flushChanges(); book.act({ do: "save", as: form, id: notebook.id }); },
  }));
}

// Asks for a name in the place of the bar.
function askName(book, before, use) {
  const { texts } = book.data;
  const field = node("input");
  field.value = before;
  field.dir = "auto";
  field.maxLength = 80;
  field.setAttribute("aria-label", texts.name);
  const end = () => { book.form.hidden = true; book.more.focus(); };
  const go = button("by-primary", texts.save, "", () => {});
  go.type = "submit";
  book.form.replaceChildren(field, go, button("by-link", texts.cancel, "", end));
  book.form.onsubmit = (event) => {
    event.preventDefault();
    const name = field.value.trim();
    end();
    if (name && name !== before) use(name);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); end(); }
  });
  book.form.hidden = false;
  book.menu.opener = field; // the focus goes there when the menu has closed
  field.focus();
  field.select();
}

// Messages: what was removed or deleted, with undo; that both texts of a note were kept.
function drawMessages(book) {
  const { texts, deleted, notebook } = book.data;
  if (book.removed && book.removed.notebook !== notebook?.id) book.removed = null;
  ifChanged(book, "messages", [deleted, book.removed, book.forked, texts], () => {
    const lines = [];
    if (deleted) lines.push(message(book, deleted.text, () => book.act({ do: "undelete", id: deleted.id }),
      () => book.act({ do: "forget" })));
    const close = (name) => () => { book[name] = null; draw(book); };
    if (book.removed) lines.push(message(book, texts.removed, () => restore(book), close("removed")));
    if (book.forked) lines.push(message(book, texts.forked, null, close("forked")));
    book.messages.replaceChildren(...lines);
  });
}

function message(book, text, undo, close) {
  const { texts } = book.data;
  const line = node("div", "by-undo");
  line.setAttribute("role", "status");
  line.append(node("span", "", text));
  if (undo) line.append(button("by-link", texts.undo, "", undo));
  line.append(button("by-row-button", "×", texts.close, close));
  return line;
}

function restore(book) {
  const { id } = book.removed;
  book.removed = null;
  change(book, { do: "restore", entry: id });
  book.first.focus();
}

function saveFile(book, { name, type, data, stamp }) {
  book.saved = stamp;
  const link = node("a");
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  link.setAttribute("href", address);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
