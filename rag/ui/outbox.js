// Sends each question that waits until the server has taken it. Streamlit may drop what is sent in the moment
// of another click or of a poll; a question is then sent again, with the same id. What waits, and what is half
// typed, is noted in the tab's session storage (first_input.js), and outlives a change of the page and a reload.

const RETRY_MS = 2000; // doubled with each attempt
const FIELD = '[data-testid="stChatInput"] textarea';
const KEEP_MS = 120_000; // a question that waits longer is not sent by a page that was loaded again
const WAITING = "byline-waiting", DRAFT = "byline-draft";
const outbox = { attempt: 0, send: null, timer: 0, retry: RETRY_MS, listening: false };

export default function ({ data, setStateValue }) {
  outbox.send = (value) => setStateValue("sent", value);
  keep(waiting().filter(({ id }) => !data.taken.includes(id)));
  giveBack();
  if (outbox.listening) return;
  outbox.listening = true;
  keep(waiting().filter(({ id }) => Date.now() - parseInt(id.split("-")[0], 36) < KEEP_MS));
  document.addEventListener("byline:waiting", begin);
  begin();
}

function waiting() {
  return JSON.parse(sessionStorage.getItem(WAITING) ?? "[]");
}

function keep(questions) {
  sessionStorage.setItem(WAITING, JSON.stringify(questions));
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

function begin() {
  outbox.retry = RETRY_MS;
  flush();
}

function flush() {
  clearTimeout(outbox.timer);
  const questions = waiting();
  if (!questions.length) return;
  outbox.attempt += 1;
  outbox.send({ attempt: outbox.attempt, questions });
  outbox.timer = setTimeout(flush, outbox.retry);
  outbox.retry *= 2;
}
