// Buttons that keep a part of an answer in the notebook (a part of answer.js). keep_sync.js sends the clicks,
// and sets `bylineKept`: what the notebook has of which answers, and the buttons' texts.

function keepButton(view, part, wordy = false) {
  const made = button("by-tool by-keep", "", "", () => toggleKept(made, view, part));
  made.dataset.keep = `${view.data.id} ${part}`.trim();
  made.append(icon("bookmark_add"));
  if (wordy) made.append(node("span"));
  showKept(made);
  return made;
}

function toggleKept(made, view, part) {
  const doing = made.dataset.on ? "let_go" : "keep";
  const detail = { do: doing, conversation: view.data.actions.conversation, exchange: view.data.id, part };
  document.dispatchEvent(new CustomEvent("byline:keep", { detail }));
}

function showKept(made) {
  const known = window.bylineKept;
  made.hidden = !known;
  if (!known) return;
  const on = known.origins.has(made.dataset.keep), { texts } = known;
  made.dataset.on = on ? "yes" : "";
  made.firstChild.textContent = on ? "bookmark_added" : "bookmark_add";
  made.title = on ? texts.keptIn : texts.keepIn;
  made.setAttribute("aria-label", made.title);
  if (made.children.length > 1) made.lastChild.textContent = on ? texts.kept : texts.keep;
}

// Each quotation of a dossier, a timeline, a list or a comparison can be kept alone.
function keepSentence(view, paragraph, { segments }) {
  const s = view.data.keepable ? segments.find((segment) => segment.s !== undefined)?.s : undefined;
  const there = paragraph.querySelector(":scope > .by-keep");
  if (s === undefined) return void there?.remove();
  if (there?.dataset.keep === `${view.data.id} s${s}`) return;
  const made = keepButton(view, `s${s}`);
  if (there) there.replaceWith(made);
  else paragraph.append(made);
}
