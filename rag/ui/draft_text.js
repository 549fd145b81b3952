// Keeps what is typed into the draft's field in this tab, letter by letter: Streamlit learns of it only when
// the field is left, and forgets it where another page is opened in the same moment.

const KEY = "byline-draft";
const FIELD = ".st-key-draft-text textarea";
const RETRY_MS = 1000;
const keepers = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const keeper = keepers.get(parentElement) ?? build(parentElement);
  keeper.text = data.text;
  keeper.send = (value) => setStateValue("kept", value);
  restore(keeper);
  return () => setTimeout(() => { if (!parentElement.isConnected) keeper.end(); });
}

function build(parent) {
  const ears = new AbortController();
  const keeper = { missing: sessionStorage.getItem(KEY), attempt: 0, timer: 0 };
  keeper.end = () => { clearTimeout(keeper.timer); ears.abort(); };
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.(FIELD)) return;
    keeper.missing = null;
    sessionStorage.setItem(KEY, target.value);
  }, { signal: ears.signal });
  keepers.set(parent, keeper);
  return keeper;
}

// Streamlit may drop what is sent while the page is drawn: it is sent until the field has it.
function restore(keeper) {
  clearTimeout(keeper.timer);
  if (keeper.missing === null || keeper.missing === keeper.text) {
    keeper.missing = null;
    return;
  }
  keeper.attempt += 1;
  keeper.send({ attempt: keeper.attempt, text: keeper.missing });
  keeper.timer = setTimeout(() => restore(keeper), RETRY_MS);
}
