// Runs before Streamlit does. Shows an outline until the page is drawn. Reloads a page that Streamlit has
// left blank or with an internal error; first_input.js has stored what was typed.

{
  const DRAWN = ".st-key-masthead, .st-key-setup, .st-key-problem, [data-testid=stException]";
  const DIALOGS = "[data-testid=stDialog], [role=dialog]:not(.by-drawer, .by-menu)";
  const MAX_MS = 20_000; // the outline goes even if nothing is drawn
  const MIN_RELOAD_MS = 60_000; // interval of reloads, so that a lasting fault is seen
  const RELOADED = "byline-loaded-again";
  const FAULT = /delta path|Bad message format|Failed to process a Websocket message/i;

  const outline = document.createElement("div");
  outline.id = "by-first";
  outline.setAttribute("aria-hidden", "true");
  const [side, main] = [document.createElement("div"), document.createElement("section")];
  const name = document.createElement("b");
  name.textContent = document.title;
  side.append(...bars(5));
  main.append(name, ...bars(6));
  outline.append(side, main);
  document.body.append(outline);

  const watch = new MutationObserver(() => { if (document.querySelector(DRAWN)) finish(); });
  watch.observe(document.getElementById("root"), { childList: true, subtree: true });
  const late = setTimeout(finish, MAX_MS);

  function bars(count) {
    return Array.from({ length: count }, () => document.createElement("i"));
  }

  function finish() {
    watch.disconnect();
    clearTimeout(late);
    outline.remove();
    setInterval(reloadIfBroken, 1000);
  }

  let blankSeconds = 0;

  function reloadIfBroken() {
    blankSeconds = document.getElementById("root").childElementCount ? 0 : blankSeconds + 1;
    const dialogs = [...document.querySelectorAll(DIALOGS)];
    if (blankSeconds < 2 && !dialogs.some((one) => FAULT.test(one.textContent))) return;
    const before = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (Date.now() - before < MIN_RELOAD_MS) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }
}
