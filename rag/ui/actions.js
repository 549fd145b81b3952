// Actions on an answer: edit the question, ask again, switch versions, rate (a part of answer.js).
// Each button has an accessible label; its icon comes from Streamlit's icon font.

// The question ----------------------------------------------------------------------------------

const LONG_CHARS = 400; // longer questions are cut to a few lines

function buildQuestion(view) {
  view.head = view.root.appendChild(node("div", "by-head"));
  view.question = view.head.appendChild(node("h2", "by-question"));
  view.question.dir = "auto";
  view.edit = view.head.appendChild(iconButton("edit", "", () => editQuestion(view)));
  const unfold = () => view.question.classList.remove("by-long");
  view.whole = view.root.appendChild(button("by-link by-whole", "", "", unfold));
}

function drawQuestion(view, { question, actions }) {
  if (!view.question.querySelector("form")) setText(view.question, question);
  ifChanged(view, "question", question, () =>
    view.question.classList.toggle("by-long", question.length > LONG_CHARS));
  view.whole.textContent = actions.texts.whole;
  view.edit.title = actions.texts.edit;
  view.edit.setAttribute("aria-label", actions.texts.edit);
}

// Turns the question into a field; Enter asks, Escape cancels.
function editQuestion(view) {
  const { question, actions: { texts } } = view.data;
  const form = node("form", "by-edit");
  const field = form.appendChild(node("textarea"));
  field.value = question;
  field.dir = "auto";
  field.setAttribute("aria-label", texts.edit);
  const end = () => { view.question.replaceChildren(question); view.edit.hidden = false; view.edit.focus(); };
  const ask = () => {
    const text = field.value.trim();
    end();
    if (text) view.act({ do: "ask", text });
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); end(); }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); ask(); }
  });
  const go = button("by-primary", texts.ask, "", () => {});
  go.type = "submit";
  form.append(go, button("by-link", texts.cancel, "", end));
  view.question.replaceChildren(form);
  view.edit.hidden = true;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

// Under the answer ------------------------------------------------------------------------------

function drawActions(view, actions) {
  if (!actions) return;  // an answer that somebody shares
  const focused = view.actions.contains(document.activeElement)
    ? document.activeElement.dataset.name : null;
  const { texts, running } = actions;
  const copyAnswer = (event) => copy(view, event);
  const copyButton = () => named("copy", iconButton("content_copy", texts.copy, copyAnswer));
  view.actions.replaceChildren(...(running
    ? [named("stop", textButton("stop", texts.stop, () => view.act({ do: "stop" })))]
    : [
      ...(actions.copied ? [copyButton()] : []),
      ...(actions.keep ? [named("keep", keepButton(view, "", true))] : []),
      named("again", iconButton("refresh", texts.again, () => view.act({ do: "ask" }))),
      named("model", otherModel(view, actions)),
      ...actions.forms.map((form) => named(form.form, otherForm(view, form))),
      named("good", thumb(view, "thumb_up", true)),
      named("bad", thumb(view, "thumb_down", false)),
    ]), ...pager(view, actions.version, texts));
  if (focused) view.actions.querySelector(`[data-name="${focused}"]`)?.focus();
}

function named(name, element) {
  element.dataset.name = name;
  return element;
}

function textButton(sign, text, work) {
  const made = button("by-tool", "", "", work);
  made.append(icon(sign), node("span", "", text));
  return made;
}

function pager(view, version, texts) {
  if (!version) return [];
  const to = (id) => () => view.act({ do: "show", id });
  const back = named("back", iconButton("chevron_left", texts.earlier, to(version.earlier)));
  const on = named("on", iconButton("chevron_right", texts.later, to(version.later)));
  back.disabled = !version.earlier;
  on.disabled = !version.later;
  return [back, node("span", "by-version", version.text), on];
}

function otherModel(view, { models, texts }) {
  const entries = models.map(({ name, more }) => (
    { text: name, more, run: () => view.act({ do: "ask", model: name }) }));
  const opener = iconButton("swap_horiz", texts.model, () => openMenu(view.menu, opener, entries));
  opener.setAttribute("aria-haspopup", "menu");
  opener.disabled = !models.length;
  return opener;
}

// A button for a form of the answer; that of the current form is pressed.
function otherForm(view, { form, text, on }) {
  const made = button("by-tool", text, "", () => { if (!on) view.act({ do: "ask", form }); });
  made.setAttribute("aria-pressed", String(Boolean(on)));
  return made;
}

// Copies the answer with its citation numbers and sources, as plain text.
async function copy(view, event) {
  const opener = event.currentTarget, { actions } = view.data;
  await navigator.clipboard.writeText(actions.copied);
  const { copy: before, copied: after } = actions.texts;
  opener.replaceChildren(icon("check"));
  opener.setAttribute("aria-label", after);
  setTimeout(() => {
    opener.replaceChildren(icon("content_copy"));
    opener.setAttribute("aria-label", before);
  }, 1500);
}

// Thumbs ----------------------------------------------------------------------------------------

function thumb(view, sign, good) {
  const { texts } = view.data.actions;
  const label = good ? texts.good : texts.bad;
  return iconButton(sign, label, (event) => openRating(view, event.currentTarget, good));
}

function drawRating(view, { rating }) {
  for (const [name, good] of [["good", true], ["bad", false]]) {
    const thumb = view.actions.querySelector(`[data-name="${name}"]`);
    thumb?.setAttribute("aria-pressed", String(rating === good));
  }
}

// Sends the rating at once; the panel is for an optional reason.
function openRating(view, opener, good) {
  const { rating, actions: { texts, reasons } } = view.data;
  if (rating === good) return view.act({ do: "rate", good: null });
  view.act({ do: "rate", good, reasons: [], note: "" });
  const form = node("form");
  const boxes = reasons[good ? "good" : "bad"].map(({ name, text }) => {
    const label = node("label");
    const box = label.appendChild(node("input"));
    box.type = "checkbox";
    box.value = name;
    label.append(text);
    return label;
  });
  const note = node("textarea");
  note.placeholder = texts.note;
  note.setAttribute("aria-label", texts.note);
  const send = button("by-primary", texts.send, "", () => {});
  send.type = "submit";
  form.append(node("h3", "", good ? texts.whyGood : texts.whyBad), ...boxes, note,
    node("p", "by-credits", texts.stays), send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const checked = boxes.map((label) => label.firstChild).filter((box) => box.checked);
    view.panel.hidePopover();
    view.act({ do: "rate", good, reasons: checked.map((box) => box.value), note: note.value.trim() });
  });
  view.panel.replaceChildren(form);
  openPopover(view.panel, opener);
  form.querySelector("input, textarea").focus();
}
