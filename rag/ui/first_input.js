// Runs before Streamlit does. Stores each question that is sent, and unsent text, in the tab's session
// storage, also while the page's components are still loading. outbox.js sends the questions.

{
  const FIELD = '[data-testid="stChatInput"] textarea';
  const SEND = '[data-testid="stChatInputSubmitButton"]';
  const WAITING = "byline-waiting", DRAFT = "byline-draft";

  document.addEventListener("keydown", onKey, true);
  document.addEventListener("click", onClick, true);
  document.addEventListener("input", onInput, true);
  document.addEventListener("byline:ask", ({ detail }) => put(detail)); // a suggested question

  function onKey(event) {
    const { key, keyCode, isComposing, shiftKey, ctrlKey, altKey, metaKey, target } = event;
    const plain = !shiftKey && !ctrlKey && !altKey && !metaKey;
    const enter = key === "Enter" && !isComposing && keyCode !== 229; // 229: an input method is composing
    if (enter && plain && target.matches?.(FIELD)) put(target.value);
  }

  function onClick({ target }) {
    const sender = target.closest?.(SEND);
    if (sender && !sender.disabled) put(document.querySelector(FIELD)?.value ?? "");
  }

  function onInput({ target }) {
    if (target.matches?.(FIELD)) sessionStorage.setItem(DRAFT, target.value);
  }

  function put(text) {
    if (!text.trim()) return;
    if (text === sessionStorage.getItem(DRAFT)) sessionStorage.removeItem(DRAFT);
    const waiting = JSON.parse(sessionStorage.getItem(WAITING) ?? "[]");
    waiting.push({ id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, text });
    sessionStorage.setItem(WAITING, JSON.stringify(waiting));
    document.dispatchEvent(new CustomEvent("byline:waiting"));
  }
}
