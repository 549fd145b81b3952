// Sends what is kept on a page to the server until it is taken, and tells what became of it. Draws the state of
// all buttons of keep.js.

const TOLD_MS = 8000;
const keeper = { data: null, told: null, listening: false };

export default function ({ data, setStateValue }) {
  keeper.data = data;
  queue.send = (value) => setStateValue("sent", value);
  const done = takeDone(data.done);
  showState();
  const last = done.filter((change) => change.do === "keep" || change.do === "let_go").at(-1);
  if (data.failed) tell(data.failed, 0);
  else if (last) tell(last.do === "keep" ? data.texts.keptIn : data.texts.letGoOf, TOLD_MS, last.do === "keep");
  if (!keeper.listening) document.addEventListener("byline:keep", onKeep);
  keeper.listening = true;
  if (sendableChanges().length && !done.length) flushChanges();
  return () => setTimeout(() => { if (!document.querySelector(".st-key-keeper")) forget(); });
}

function forget() {
  document.removeEventListener("byline:keep", onKeep);
  keeper.listening = false;
  clearTimeout(queue.timer);
  keeper.told?.remove();
  keeper.told = null;
}

function onKeep({ detail }) {
  putChange({ ...detail, notebook: keeper.data.notebook });
  showState();
  flushChanges();
}

// What the server has, and what is on its way there.
function showState() {
  const origins = new Set(keeper.data.origins);
  for (const change of waitingChanges()) {
    const origin = `${change.exchange} ${change.part}`.trim();
    if (change.do === "keep") origins.add(origin);
    if (change.do === "let_go") origins.delete(origin);
  }
  window.bylineKept = { origins, texts: keeper.data.texts };
  document.querySelectorAll(".by-keep").forEach(showKept);
}

function tell(text, forMs, opens = false) {
  clearTimeout(keeper.hiding);
  keeper.told ??= document.body.appendChild(node("div", "by-told"));
  keeper.told.setAttribute("role", "status");
  keeper.told.replaceChildren(node("span", "", text));
  if (opens) keeper.told.append(button("by-link", keeper.data.texts.open, "", openNotebook));
  keeper.told.hidden = false;
  if (forMs) keeper.hiding = setTimeout(() => { if (keeper.told) keeper.told.hidden = true; }, forMs);
}

function openNotebook() {
  document.querySelector('a[href$="notebook"][data-testid="stPageLink-NavLink"]')?.click();
}
