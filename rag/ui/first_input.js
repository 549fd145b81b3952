// Runs before Streamlit does. Notes each question that is sent, and what is half typed, in the tab's session
// storage: also what is typed before the page's components are there. outbox.js sends it on.

{
  const FIELD = '[data-testid="stChatInput"] textarea';
  const SEND = '[data-testid="stChatInputSubmitButton"]';
  const WAITING = "byline-waiting", DRAFT = "byline-draft";

  document.addEventListener("keydown", onKey, true);
  document.addEventListener("click", onClick, true);
  document.addEventListener("input", onInput, true);
  document.addEventListener("byline:ask", ({ detail }) => put(detail)); // an offered question

  function onKey(event) {
    const { key, keyCode, isComposing, shiftKey, ctrlKey, altKey, metaKey, target } = event;
    const enter = key === "Enter" && !isComposing && keyCode !== 229 && !shiftKey && !ctrlKey && !altKey && !metaKey;
    if (enter && target.matches?.(FIELD)) put(target.value);
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
