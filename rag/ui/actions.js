// Actions on an answer: edit the question, ask again, switch versions, rate (a part of answer.js).
// Each button has an accessible label; its icon comes from Streamlit's icon font.

// The question ----------------------------------------------------------------------------------

const LONG = 400; // characters from which on a question is cut to a few lines

function buildQuestion(view) {
  view.head = view.root.appendChild(node("div", "by-head"));
  view.question = view.head.appendChild(node("h2", "by-question"));
  view.question.dir = "auto";
  view.edit = view.head.appendChild(tool("edit", "", () => editQuestion(view)));
  view.whole = view.root.appendChild(button("by-link by-whole", "", "", () => view.question.classList.remove("by-long")));
}

function drawQuestion(view, { question, actions }) {
  if (!view.question.querySelector("form")) say(view.question, question);
  once(view, "question", question, () => view.question.classList.toggle("by-long", question.length > LONG));
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
  const focused = view.actions.contains(document.activeElement)
    ? document.activeElement.dataset.name : null;
  const { texts, running } = actions;
  view.actions.replaceChildren(...(running
    ? [named("stop", wordy("stop", texts.stop, () => view.act({ do: "stop" })))]
    : [
      ...(actions.copied ? [named("copy", tool("content_copy", texts.copy, (event) => copy(view, event)))] : []),
      ...(actions.keep ? [named("keep", keepButton(view, "", true))] : []),
      named("again", tool("refresh", texts.again, () => view.act({ do: "ask" }))),
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

function wordy(sign, text, work) {
  const made = button("by-tool", "", "", work);
  made.append(icon(sign), node("span", "", text));
  return made;
}

function pager(view, version, texts) {
  if (!version) return [];
  const to = (id) => () => view.act({ do: "show", id });
  const back = named("back", tool("chevron_left", texts.earlier, to(version.earlier)));
  const on = named("on", tool("chevron_right", texts.later, to(version.later)));
  back.disabled = !version.earlier;
  on.disabled = !version.later;
  return [back, node("span", "by-version", version.text), on];
}

function otherModel(view, { models, texts }) {
  const opener = tool("swap_horiz", texts.model, () => openMenu(view.menu, opener, models.map((model) => ({
    text: model.name,
    more: model.more,
    does: () => view.act({ do: "ask", model: model.name }),
  }))));
  opener.setAttribute("aria-haspopup", "menu");
  opener.disabled = !models.length;
  return opener;
}

// A form of the answer; the one that is shown is pressed.
function otherForm(view, { form, text, on }) {
  const made = button("by-tool", text, "", () => { if (!on) view.act({ do: "ask", form }); });
  made.setAttribute("aria-pressed", String(Boolean(on)));
  return made;
}

// The answer with its citation numbers and sources, as plain text.
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
  return tool(sign, good ? texts.good : texts.bad, (event) => openRating(view, event.currentTarget, good));
}

function drawRating(view, { rating }) {
  for (const [name, good] of [["good", true], ["bad", false]])
    view.actions.querySelector(`[data-name="${name}"]`)?.setAttribute("aria-pressed", String(rating === good));
}

// Rates at once; the panel takes an optional reason.
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
    const chosen = boxes.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value);
    view.panel.hidePopover();
    view.act({ do: "rate", good, reasons: chosen, note: note.value.trim() });
  });
  view.panel.replaceChildren(form);
  openPopover(view.panel, opener);
  form.querySelector("input, textarea").focus();
}
