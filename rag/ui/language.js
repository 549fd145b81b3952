// Sets the page's language for browser and screen readers, stores the choice, and translates Streamlit's own
// English labels, also those that are drawn later.

const YEAR_S = 365 * 24 * 60 * 60;
const OURS = "[data-testid^=stBidiComponent], [data-testid=stHtml]";
const WITH_TEXT =
  "[data-testid=stSkipToContent], [data-testid=stFileUploader], [data-testid=stDateInput], [role=listbox]";
const ATTRIBUTES = ["aria-label", "placeholder", "title"];

const translated = new WeakMap();
let labels = [];
let watched = false;

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  if (data.keep) document.cookie = `${data.keep}; max-age=${YEAR_S}; path=/; samesite=strict`;
  labels = data.labels.map(([english, text]) => [pattern(english), text]);
  translateTree(document.body);
  if (watched) return;
  watched = true;
  new MutationObserver((changes) => changes.forEach(follow)).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
}

function follow({ type, target, addedNodes }) {
  const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
  if (!element || element.closest(OURS)) return;
  if (type === "childList") addedNodes.forEach(translateTree);
  else translateTree(target);
}

function translateTree(root) {
  const { SHOW_ELEMENT, SHOW_TEXT, FILTER_REJECT, FILTER_ACCEPT } = NodeFilter;
  const isOurs = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(OURS);
  const filter = (node) => (isOurs(node) ? FILTER_REJECT : FILTER_ACCEPT);
  const walk = document.createTreeWalker(root, SHOW_ELEMENT | SHOW_TEXT, filter);
  for (let node = root; node; node = walk.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) translateText(node);
    else ATTRIBUTES.forEach((name) => translateAttribute(node, name));
  }
}

function translateText(node) {
  if (!node.parentElement?.closest(WITH_TEXT)) return;
  put(node, "text", node.nodeValue, (text) => (node.nodeValue = text));
}

function translateAttribute(node, name) {
  const value = node.getAttribute?.(name);
  if (value) put(node, name, value, (text) => node.setAttribute(name, text));
}

function put(node, where, value, set) {
  const before = translated.get(node)?.[where];
  const english = before?.text === value ? before.english : value;
  const text = translation(english);
  if (text === value) return;
  translated.set(node, { ...translated.get(node), [where]: { english, text } });
  set(text);
}

function translation(english) {
  for (const [made, text] of labels) {
    const found = made.exec(english);
    if (found) return text.replace(/\{\w+\}/, found[1] ?? "");
  }
  return english;
}

// A label with a placeholder, such as "Remove {name}", matches any value.
function pattern(english) {
  const parts = english.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*)")}$`);
}
