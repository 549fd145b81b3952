// Keyboard shortcuts that conflict neither with typing nor with screen readers, and their list.

const NEW = ".by-conversations-new", FIELD = '[data-testid="stChatInput"] textarea';
let texts = {}, listening = false;

export default function ({ parentElement, data }) {
  texts = data.texts;
  if (!parentElement.querySelector(".by-keys")) build(parentElement);
  const root = parentElement.querySelector(".by-keys");
  setText(root.querySelector(".by-link"), texts.title);
}

function build(parent) {
  const root = node("div", "by-keys");
  const panel = popover("by-menu by-panel", "dialog");
  const opener = button("by-link", "", "", () => {
    const list = node("dl");
    for (const [keys, text] of texts.keys) {
      const row = list.appendChild(node("div"));
      row.append(node("dt", "", text), node("dd", "", keys));
    }
    panel.replaceChildren(node("h3", "", texts.title), list);
    openPopover(panel, opener);
  });
  root.append(opener, panel);
  parent.appendChild(root);
  if (!listening) document.addEventListener("keydown", onShortcut);
  listening = true;
}

function onShortcut(event) {
  const run = shortcutOf(event);
  if (!run) return;
  event.preventDefault();
  run();
}

// Matches the key's position, whatever the keyboard layout.
function shortcutOf({ code, ctrlKey, metaKey, shiftKey, altKey, target }) {
  if ((ctrlKey || metaKey) && shiftKey && code === "KeyO") return () => document.querySelector(NEW)?.click();
  if (shiftKey && code === "Escape") return () => document.querySelector(FIELD)?.focus();
  const typing = target.matches("input, textarea, select, [contenteditable]");
  if (altKey && !typing && code === "ArrowDown") return () => citation(1);
  if (altKey && !typing && code === "ArrowUp") return () => citation(-1);
  return null;
}

// Goes to the next citation in the drawer; else focuses the chip after the one that was focused last.
let last = null;

function citation(by) {
  const name = by > 0 ? "next" : "previous";
  const step = document.querySelector(`.by-drawer-tools [data-name="${name}"]`);
  if (step) return step.click();
  const chips = [...document.querySelectorAll(".by-chip")];
  const at = chips.indexOf(chips.includes(document.activeElement) ? document.activeElement : last);
  last = chips[at < 0 ? (by > 0 ? 0 : chips.length - 1) : at + by];
  last?.focus({ focusVisible: true });
  last?.scrollIntoView({ block: "nearest" });
}
