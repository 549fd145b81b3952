// Files may be dropped on every page: they come into the form that adds them.

const INPUT = '[data-testid="stFileUploader"] input[type="file"]';
const OWN = '[data-testid="stFileUploaderDropzone"]'; // takes what is dropped on it itself
const WAIT_MS = 10_000, LOOK_MS = 100; // for the form, on its page
const drop = { texts: {}, veil: null };

export default function ({ data }) {
  drop.texts = data.texts;
  if (drop.veil) return;
  drop.veil = document.body.appendChild(node("div", "by-drop"));
  drop.veil.hidden = true;
  document.addEventListener("dragenter", (event) => { if (holdsFiles(event)) veil(true); });
  document.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) veil(false); });
  document.addEventListener("drop", onDrop, true);
}

function holdsFiles({ dataTransfer }) {
  return [...(dataTransfer?.types ?? [])].some((type) => /^Files$/.test(type));
}

function veil(on) {
  drop.veil.textContent = drop.texts.drop;
  drop.veil.hidden = !on;
}

function onDrop(event) {
  veil(false);
  if (!holdsFiles(event) || event.target.closest?.(OWN)) return;
  event.preventDefault();
  const kept = new DataTransfer(); // the event's own is emptied after it
  for (const file of event.dataTransfer.files) kept.items.add(file);
  if (!document.querySelector(INPUT)) document.querySelector('a[href$="add"][data-testid="stPageLink-NavLink"]')?.click();
  give(kept.files, WAIT_MS);
}

function give(files, left) {
  const input = document.querySelector(INPUT);
  if (!input) return void (left > 0 && setTimeout(give, LOOK_MS, files, left - LOOK_MS));
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
