// Keyboard shortcuts that conflict neither with typing nor with screen readers, and their list.

let texts = {}, listening = false;

export default function ({ parentElement, data }) {
  texts = data.texts;
  if (!parentElement.querySelector(".by-keys")) build(parentElement);
  const root = parentElement.querySelector(".by-keys");
  say(root.querySelector(".by-link"), texts.title);
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
  const does = chosen(event);
  if (!does) return;
  event.preventDefault();
  does();
}

// Matches the key's position, whatever the keyboard layout.
function chosen({ code, ctrlKey, metaKey, shiftKey, altKey, target }) {
  if ((ctrlKey || metaKey) && shiftKey && code === "KeyO") return () => document.querySelector(".by-shelf-new")?.click();
  if (shiftKey && code === "Escape") return () => document.querySelector('[data-testid="stChatInput"] textarea')?.focus();
  const typing = target.matches("input, textarea, select, [contenteditable]");
  if (altKey && !typing && code === "ArrowDown") return () => citation(1);
  if (altKey && !typing && code === "ArrowUp") return () => citation(-1);
  return null;
}

// In the drawer the next citation, else the chip after the one with the last focus.
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
