// Sends each waiting question until the server acknowledges it. Streamlit may drop what is sent at the moment
// of another click or of a poll; a question is then sent again, with the same id. first_input.js has stored
// waiting questions and unsent text in the tab's session storage, where they survive a change of the page and
// a reload.

const RETRY_MS = 2000; // doubled with each attempt
const FIELD = '[data-testid="stChatInput"] textarea';
const MAX_AGE_MS = 120_000; // a reloaded page does not send older questions
const WAITING = "byline-waiting", DRAFT = "byline-draft";
const outbox = { attempt: 0, send: null, timer: 0, retry: RETRY_MS, listening: false };

export default function ({ data, setStateValue }) {
  outbox.send = (value) => setStateValue("sent", value);
  store(waiting().filter(({ id }) => !data.taken.includes(id)));
  restoreDraft();
  if (outbox.listening) return;
  outbox.listening = true;
  store(waiting().filter(({ id }) => Date.now() - parseInt(id.split("-")[0], 36) < MAX_AGE_MS));
  document.addEventListener("byline:waiting", begin);
  begin();
}

function waiting() {
  return JSON.parse(sessionStorage.getItem(WAITING) ?? "[]");
}

function store(questions) {
  sessionStorage.setItem(WAITING, JSON.stringify(questions));
}

// Puts unsent text into a new field, as if it were typed; the field may appear a little later.
function restoreDraft(tries = 50) {
  const field = document.querySelector(FIELD), draft = sessionStorage.getItem(DRAFT);
  if (!draft || field === outbox.field) return;
  if (!field) return void (tries && setTimeout(restoreDraft, 100, tries - 1));
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
