// Notes of a notebook (a part of notebook.js), saved while they are typed. Of a note that is changed
// elsewhere at the same time, both texts are kept: `bases` are the texts that this page started from or has
// sent, `fork` is the id of the note that gets this page's text where the server has another one.

function buildNote(book, item, id) {
  item.field = item.root.appendChild(node("textarea", "by-kept-note"));
  item.field.rows = 2;
  item.field.dir = "auto";
  item.field.addEventListener("input", () => typed(book, item, id));
  item.field.addEventListener("blur", () => { if (waitingChanges().length) flushChanges(); });
}

function fillNote(book, item, entry) {
  const { texts, entries } = book.data;
  item.field.placeholder = texts.note_hint;
  item.field.setAttribute("aria-label", texts.note);
  if (item.field.value !== entry.text) item.field.value = entry.text;
  const chain = book.chains.get(entry.id);
  if (chain && entries.some((one) => one.id === chain.fork)) followFork(book, item, entry.id, chain.fork);
}

function addNote(book, after) {
  const entry = freshId();
  change(book, { do: "note", entry, after, text: "" });
  book.items.get(entry).field.focus();
}

function typed(book, item, id) {
  const text = item.field.value;
  const waiting = waitingChanges().filter(({ do: doing, entry, tab }) =>
    doing === "edit" && entry === id && tab === thisTab());
  const chain = chainOf(book, id, waiting);
  const notebook = book.data.notebook?.id ?? "";
  putChange({ do: "edit", entry: id, notebook, text, bases: chain.bases, fork: chain.fork });
  dropChanges(waiting.map((one) => one.id)); // only now, so that the text is always stored
  const entry = book.entries.find((one) => one.id === id);
  if (entry) entry.text = text;
  drawBar(book);
  flushChanges(TYPING_MS);
}

function chainOf(book, id, waiting) {
  if (!book.chains.has(id)) {
    const known = book.data.entries.find((one) => one.id === id)?.text ?? "";
    const left = waiting.at(-1); // of this page before it was loaded again
    const bases = left ? [known, ...left.bases, left.text] : [known];
    book.chains.set(id, { bases, fork: left?.fork ?? freshId() });
  }
  return book.chains.get(id);
}

// A text that was sent may be the one at the server when the next is sent.
function noteSent(book, changes) {
  for (const { do: doing, entry, text } of changes) {
    const chain = doing === "edit" && book.chains.get(entry);
    if (chain && !chain.bases.includes(text)) chain.bases.push(text);
  }
}

// A chain of edits ends when none is queued.
function noteDone(book, done) {
  const waiting = new Set(waitingChanges().map(({ entry }) => entry));
  for (const { do: doing, entry, fork } of done) {
    const forked = book.data.entries.some((one) => one.id === fork);
    if (doing === "edit" && !waiting.has(entry) && !forked) book.chains.delete(entry);
  }
}

// The server has made a new note of this page's text: moves the cursor there.
function followFork(book, item, id, fork) {
  book.chains.delete(id);
  book.forked = true;
  const [start, end] = [item.field.selectionStart, item.field.selectionEnd];
  if (document.activeElement !== item.field) return;
  requestAnimationFrame(() => {
    const field = book.items.get(fork)?.field;
    field?.focus();
    field?.setSelectionRange(start, end);
  });
}
