// Sends the changes made by the buttons of keep_button.js until the server acknowledges them, shows the
// result, and draws the state of all buttons.

const MESSAGE_MS = 8000;
const sync = { data: null, message: null, listening: false };

export default function ({ data, setStateValue }) {
  sync.data = data;
  queue.send = (value) => setStateValue("sent", value);
  const done = removeDone(data.done);
  showState();
  const last = done.filter((change) => change.do === "keep" || change.do === "let_go").at(-1);
  const { keptIn, letGoOf } = data.texts, kept = last?.do === "keep";
  if (data.failed) showMessage(data.failed, 0);
  else if (last) showMessage(kept ? keptIn : letGoOf, MESSAGE_MS, kept);
  if (!sync.listening) document.addEventListener("byline:keep", onKeep);
  sync.listening = true;
  if (sendableChanges().length && !done.length) flushChanges();
  return () => setTimeout(() => { if (!document.querySelector(".st-key-keep-sync")) forget(); });
}

function forget() {
  document.removeEventListener("byline:keep", onKeep);
  sync.listening = false;
  clearTimeout(queue.timer);
  sync.message?.remove();
  sync.message = null;
}

function onKeep({ detail }) {
  putChange({ ...detail, notebook: sync.data.notebook });
  showState();
  flushChanges();
}

// The state at the server, with the queued changes.
function showState() {
  const origins = new Set(sync.data.origins);
  for (const change of waitingChanges()) {
    const origin = `${change.exchange} ${change.part}`.trim();
    if (change.do === "keep") origins.add(origin);
    if (change.do === "let_go") origins.delete(origin);
  }
  window.bylineKept = { origins, texts: sync.data.texts };
  document.querySelectorAll(".by-keep").forEach(showKept);
}

function showMessage(text, forMs, opens = false) {
  clearTimeout(sync.hiding);
  sync.message ??= document.body.appendChild(node("div", "by-message"));
  sync.message.setAttribute("role", "status");
  sync.message.replaceChildren(node("span", "", text));
  if (opens) sync.message.append(button("by-link", sync.data.texts.open, "", openNotebook));
  sync.message.hidden = false;
  if (forMs) sync.hiding = setTimeout(() => { if (sync.message) sync.message.hidden = true; }, forMs);
}

function openNotebook() {
  document.querySelector('a[href$="notebook"][data-testid="stPageLink-NavLink"]')?.click();
}
