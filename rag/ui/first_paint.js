// Runs before Streamlit does. Shows where things will stand until the page is drawn, and loads a page again
// that Streamlit has left white or behind an error of its own; what was typed is kept by first_input.js.

{
  const DRAWN = ".st-key-masthead, .st-key-setup, .st-key-problem, [data-testid=stException]";
  const MAX_MS = 20_000; // the outline goes even if nothing is drawn
  const AGAIN_MS = 60_000; // a page is loaded again once in this time, so that a lasting fault is seen
  const LOADED = "byline-loaded-again";
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

  const watch = new MutationObserver(() => { if (document.querySelector(DRAWN)) drawn(); });
  watch.observe(document.getElementById("root"), { childList: true, subtree: true });
  const late = setTimeout(drawn, MAX_MS);

  function bars(count) {
    return Array.from({ length: count }, () => document.createElement("i"));
  }

  function drawn() {
    watch.disconnect();
    clearTimeout(late);
    outline.remove();
    setInterval(look, 1000);
  }

  let white = 0;

  function look() {
    white = document.getElementById("root").childElementCount ? 0 : white + 1;
    const told = [...document.querySelectorAll("[data-testid=stDialog], [role=dialog]:not(.by-drawer, .by-menu)")];
    if (white < 2 && !told.some((one) => FAULT.test(one.textContent))) return;
    const before = Number(sessionStorage.getItem(LOADED) ?? 0);
    if (Date.now() - before < AGAIN_MS) return;
    sessionStorage.setItem(LOADED, String(Date.now()));
    location.reload();
  }
}
