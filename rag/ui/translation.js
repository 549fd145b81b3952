// The translation under the highlighted passage: offered, streaming, done (a part of drawer.js).

const LOOK = 400; // milliseconds between two polls of a running translation

function drawTranslation(drawer, translation) {
  clearInterval(drawer.looking);
  const marked = [...drawer.body.querySelectorAll("p:has(mark.by-cited)")].at(-1);
  if (!translation || !marked) return;
  const block = drawer.body.querySelector(".by-translation") ?? buildTranslation(drawer, marked);
  const [text, said, offer] = block.children;
  foreign(text, translation.text, translation.lang);
  say(said, translation.said);
  say(offer, translation.offer);
  offer.work = { do: translation.running ? "stop" : "translate" };
  block.setAttribute("aria-busy", String(translation.running));
  if (translation.running) block.scrollIntoView({ block: "nearest" });
  // repeatedly: nothing is redrawn without new text
  if (translation.running) drawer.looking = setInterval(() => drawer.act({ do: "look" }), LOOK);
}

function buildTranslation(drawer, passage) {
  const block = node("aside", "by-translation");
  const said = node("p", "by-credits");
  said.setAttribute("role", "status");
  const offer = button("by-link", "", "", () => drawer.act(offer.work));
  said.lang = offer.lang = drawer.texts.language;
  block.append(node("p", "by-translated"), said, offer);
  passage.after(block);
  return block;
}
