// Keeps each question that was sent until the server has taken it. Streamlit may drop what is sent in the
// moment of another click or of a poll; a question is then sent again, with the same id. What waits, and what
// is half typed, outlives a change of the page and a reload: it is kept in the tab's session storage.

const RETRY_MS = 2000; // doubled with each attempt
const FIELD = '[data-testid="stChatInput"] textarea';
const SEND = '[data-testid="stChatInputSubmitButton"]';
const KEEP_MS = 120_000; // a question that waits longer is not sent by a page that was loaded again
const WAITING = "byline-waiting", DRAFT = "byline-draft";
const outbox = { waiting: kept(), attempt: 0, send: null, timer: 0, retry: RETRY_MS, listening: false };

export default function ({ data, setStateValue }) {
  outbox.send = (value) => setStateValue("sent", value);
  outbox.waiting = outbox.waiting.filter(({ id }) => !data.taken.includes(id));
  keep();
  giveBack();
  if (outbox.listening) return;
  outbox.listening = true;
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("click", onClick, true);
  document.addEventListener("input", onInput, true);
  document.addEventListener("byline:ask", ({ detail }) => put(detail)); // an offered question
  if (outbox.waiting.length) flush();
}

function kept() {
  const waiting = JSON.parse(sessionStorage.getItem(WAITING) ?? "[]");
  return waiting.filter(({ id }) => Date.now() - parseInt(id.split("-")[0], 36) < KEEP_MS);
}

function keep() {
  sessionStorage.setItem(WAITING, JSON.stringify(outbox.waiting));
}

function onInput({ target }) {
  if (target.matches?.(FIELD)) sessionStorage.setItem(DRAFT, target.value);
}

// Puts what was half typed into a field that is new, as if it were typed; the field may come a little later.
function giveBack(tries = 50) {
  const field = document.querySelector(FIELD), draft = sessionStorage.getItem(DRAFT);
  if (!draft || field === outbox.field) return;
  if (!field) return void (tries && setTimeout(giveBack, 100, tries - 1));
  outbox.field = field;
  if (field.value) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, draft);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function onKey(event) {
  const { key, keyCode, isComposing, shiftKey, ctrlKey, altKey, metaKey, target } = event;
  const enter = key === "Enter" && !isComposing && keyCode !== 229 && !shiftKey && !ctrlKey && !altKey && !metaKey;
  if (enter && target.matches?.(FIELD)) put(target.value);
}

function onClick({ target }) {
  const sender = target.closest?.(SEND);
  if (sender && !sender.disabled) put(document.querySelector(FIELD)?.value ?? "");
}

function put(text) {
  if (!text.trim()) return;
  if (text === sessionStorage.getItem(DRAFT)) sessionStorage.removeItem(DRAFT);
  outbox.waiting.push({ id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, text });
  outbox.retry = RETRY_MS;
  keep();
  flush();
}

function flush() {
  clearTimeout(outbox.timer);
  if (!outbox.waiting.length) return;
  outbox.attempt += 1;
  outbox.send({ attempt: outbox.attempt, questions: outbox.waiting });
  outbox.timer = setTimeout(flush, outbox.retry);
  outbox.retry *= 2;
}
