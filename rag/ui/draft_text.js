// Stores what is typed into the draft's field in this tab's session storage. Streamlit receives it only when
// the field loses the focus, and drops it if another page is opened at that moment.

const KEY = "byline-draft";
const FIELD = ".st-key-draft-text textarea";
const RETRY_MS = 1000;
const fields = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const field = fields.get(parentElement) ?? build(parentElement);
  field.text = data.text;
  field.send = (value) => setStateValue("kept", value);
  restore(field);
  return () => setTimeout(() => { if (!parentElement.isConnected) field.end(); });
}

function build(parent) {
  const listeners = new AbortController();
  const field = { missing: sessionStorage.getItem(KEY), attempt: 0, timer: 0 };
  field.end = () => { clearTimeout(field.timer); listeners.abort(); };
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.(FIELD)) return;
    field.missing = null;
    sessionStorage.setItem(KEY, target.value);
  }, { signal: listeners.signal });
  fields.set(parent, field);
  return field;
}

// Sends the stored text until the field has it: Streamlit may drop what is sent while the page is drawn.
function restore(field) {
  clearTimeout(field.timer);
  if (field.missing === null || field.missing === field.text) {
    field.missing = null;
    return;
  }
  field.attempt += 1;
  field.send({ attempt: field.attempt, text: field.missing });
  field.timer = setTimeout(() => restore(field), RETRY_MS);
}
