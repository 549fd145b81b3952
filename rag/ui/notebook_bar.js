// The bar of the notebook (a part of notebook.js): which one is shown, its name, its forms for other programs,
// and what is told.

function buildBar(book) {
  const { bar } = book;
  book.choice = bar.appendChild(node("select"));
  book.choice.addEventListener("change", () => {
    flushChanges();
    book.act({ do: "show", id: book.choice.value });
  });
  book.more = bar.appendChild(tool("more_horiz", "", () => openMenu(book.menu, book.more, bookActions(book))));
  book.export = bar.appendChild(button("by-tool", "", "", () => openMenu(book.menu, book.export, bookForms(book))));
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
  once(book, "choice", [notebooks, notebook], () => {
    book.choice.replaceChildren(...notebooks.map(({ id, name }) => {
      const option = node("option", "", name);
      option.value = id;
      option.selected = id === notebook?.id;
      return option;
    }));
  });
  book.more.title = texts.actions;
  book.more.setAttribute("aria-label", texts.actions);
  say(book.export.lastChild, texts.save_as);
  book.export.hidden = !book.entries.length;
  const waiting = sendableChanges().length > 0;
  say(book.state, failed || (waiting ? texts.saving : book.entries.length ? texts.saved : ""));
  book.state.dataset.failed = failed ? "yes" : "";
}

function bookActions(book) {
  const { texts, notebook } = book.data;
  const added = [{ text: texts.new, does: () => askName(book, "", (name) => book.act({ do: "new", name })) }];
  if (!notebook) return added;
  return [
    ...added,
    {
      text: texts.rename,
      does: () => askName(book, notebook.name, (name) => book.act({ do: "rename", id: notebook.id, name })),
    },
    { text: texts.delete, does: () => book.act({ do: "delete", id: notebook.id }) },
  ];
}

function bookForms(book) {
  const { forms, notebook } = book.data;
  return forms.map(({ form, text }) => ({
    text, does: () => { flushChanges(); book.act({ do: "save", as: form, id: notebook.id }); },
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

// What was removed or deleted, to be taken back; that both texts of a note were kept.
function drawTold(book) {
  const { texts, deleted, notebook } = book.data;
  if (book.removed && book.removed.notebook !== notebook?.id) book.removed = null;
  once(book, "told", [deleted, book.removed, book.forked, texts], () => {
    const lines = [];
    if (deleted) lines.push(told(book, deleted.text, () => book.act({ do: "undelete", id: deleted.id }),
      () => book.act({ do: "forget" })));
    if (book.removed) lines.push(told(book, texts.removed, () => restore(book), () => { book.removed = null; draw(book); }));
    if (book.forked) lines.push(told(book, texts.forked, null, () => { book.forked = false; draw(book); }));
    book.told.replaceChildren(...lines);
  });
}

function told(book, text, undo, close) {
  const { texts } = book.data;
  const line = node("div", "by-shelf-undo");
  line.setAttribute("role", "status");
  line.append(node("span", "", text));
  if (undo) line.append(button("by-link", texts.undo, "", undo));
  line.append(button("by-shelf-more", "×", texts.close, close));
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
