// Functions that precede every component's script (rag/ui/components.py). Untrusted text is set as
// `textContent`, never as HTML.

function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Sets an element's text, and hides it where that is empty.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function button(className, text, label, work) {
  const made = node("button", className, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  if (label && label !== text) made.title = label;
  made.addEventListener("click", work);
  return made;
}

// Scrolls an element into view and highlights it for a moment.
function flash(element) {
  element.scrollIntoView({ block: "center" });
  element.classList.remove("by-shown");
  requestAnimationFrame(() => element.classList.add("by-shown"));
}

// An icon of Streamlit's icon font; the button's label describes it.
function icon(name) {
  const made = node("span", "by-icon", name);
  made.setAttribute("aria-hidden", "true");
  made.translate = false;
  return made;
}

function iconButton(sign, label, work) {
  const made = button("by-tool", "", label, work);
  made.append(icon(sign));
  return made;
}

// Sets a text with its own language and direction.
function setForeignText(element, text, lang) {
  element.lang = lang || "";
  element.dir = "auto";
  setText(element, text);
}

// Popovers and menus ----------------------------------------------------------------------------

// Closes on Escape or a click elsewhere; the focus returns to the element that opened it.
function popover(className, role) {
  const made = node("div", className);
  made.popover = "auto";
  made.setAttribute("role", role);
  if (role === "menu") made.addEventListener("keydown", (event) => moveFocus(event, [...made.children]));
  made.addEventListener("beforetoggle", (event) => {
    made.returns = event.newState === "closed" && made.contains(document.activeElement);
  });
  made.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && made.returns) made.opener?.focus();
  });
  return made;
}

function openPopover(made, opener) {
  made.opener = opener;
  made.setAttribute("aria-label", opener.getAttribute("aria-label"));
  made.showPopover();
  placeBeside(made, opener.getBoundingClientRect());
}

function openMenu(menu, opener, entries) {
  menu.replaceChildren(...entries.map(({ text, more, run }) => {
    const item = button("", text, "", () => { menu.hidePopover(); run(); });
    if (more) item.append(node("span", "by-credits", more));
    item.setAttribute("role", "menuitem");
    return item;
  }));
  openPopover(menu, opener);
  menu.firstChild?.focus();
}

// Places a popover below an element, or above where there is no room, always within the page.
function placeBeside(made, at, { above = false } = {}) {
  const box = made.getBoundingClientRect();
  const edge = 8;
  const centred = Math.max(edge, at.left + at.width / 2 - box.width / 2);
  const left = Math.min(centred, innerWidth - box.width - edge);
  const over = at.top - box.height - edge, under = at.bottom + edge;
  const fits = above ? over > edge : under + box.height > innerHeight - edge && over > edge;
  made.style.left = `${Math.max(edge, left)}px`;
  made.style.top = `${fits ? over : under}px`;
}

// Arrow keys move between the items of a list or menu.
function moveFocus(event, items) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || !items.length) return;
  event.preventDefault();
  items[Math.min(Math.max(to, 0), items.length - 1)].focus();
}
