// Keeps each question that was sent until the server has taken it. Streamlit may drop what is sent in the
// moment of another click or of a poll; a question is then sent again, with the same id.

const RETRY_MS = 2000; // doubled with each attempt
const FIELD = '[data-testid="stChatInput"] textarea';
const SEND = '[data-testid="stChatInputSubmitButton"]';
const outbox = { waiting: [], attempt: 0, send: null, timer: 0, retry: RETRY_MS, listening: false };

export default function ({ data, setStateValue }) {
  outbox.send = (value) => setStateValue("sent", value);
  outbox.waiting = outbox.waiting.filter(({ id }) => !data.taken.includes(id));
  if (outbox.listening) return;
  outbox.listening = true;
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("click", onClick, true);
  document.addEventListener("byline:ask", ({ detail }) => put(detail)); // an offered question
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
  outbox.waiting.push({ id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, text });
  outbox.retry = RETRY_MS;
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
