// Files can be dropped on every page: they are put into the form of the page "Add articles".

const INPUT = '[data-testid="stFileUploader"] input[type="file"]';
const DROPZONE = '[data-testid="stFileUploaderDropzone"]'; // handles its own drops
const ADD_LINK = 'a[href$="add"][data-testid="stPageLink-NavLink"]';
const WAIT_MS = 10_000, POLL_MS = 100; // waiting for the form to appear
const drop = { texts: {}, overlay: null };

export default function ({ data }) {
  drop.texts = data.texts;
  if (drop.overlay) return;
  drop.overlay = document.body.appendChild(node("div", "by-drop"));
  drop.overlay.hidden = true;
  document.addEventListener("dragenter", (event) => { if (holdsFiles(event)) showOverlay(true); });
  document.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) showOverlay(false); });
  document.addEventListener("drop", onDrop, true);
}

function holdsFiles({ dataTransfer }) {
  return [...(dataTransfer?.types ?? [])].some((type) => /^Files$/.test(type));
}

function showOverlay(on) {
  drop.overlay.textContent = drop.texts.drop;
  drop.overlay.hidden = !on;
}

function onDrop(event) {
  showOverlay(false);
  if (!holdsFiles(event) || event.target.closest?.(DROPZONE)) return;
  event.preventDefault();
  const copy = new DataTransfer(); // the event's own is emptied after it
  for (const file of event.dataTransfer.files) copy.items.add(file);
  if (!document.querySelector(INPUT)) document.querySelector(ADD_LINK)?.click();
  fill(copy.files, WAIT_MS);
}

function fill(files, left) {
  const input = document.querySelector(INPUT);
  if (!input) return void (left > 0 && setTimeout(fill, POLL_MS, files, left - POLL_MS));
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
