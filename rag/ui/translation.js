// The translation under the highlighted passage: offered, streaming, done (a part of drawer.js).

const LOOK = 400; // milliseconds between two polls of a running translation

function drawTranslation(drawer, translation) {
  clearInterval(drawer.looking);
  const marked = [...drawer.body.querySelectorAll("p:has(mark.by-cited)")].at(-1);
  if (!translation || !marked) return;
  const block = drawer.body.querySelector(".by-translation") ?? buildTranslation(drawer, marked);
  const [text, said, offer] = block.children;
  drawTranslated(drawer, text, translation);
  say(said, translation.said);
  say(offer, translation.offer);
  offer.work = { do: translation.running ? "stop" : "translate" };
  block.setAttribute("aria-busy", String(translation.running));
  if (translation.running) block.scrollIntoView({ block: "nearest" });
  // repeatedly: nothing is redrawn without new text
  if (translation.running) drawer.looking = setInterval(() => drawer.act({ do: "look" }), LOOK);
}

// Under each sentence that differs from the original, what is missing or new.
function drawTranslated({ texts }, text, { parts, lang }) {
  const drawn = JSON.stringify(parts);
  if (text.drawn === drawn) return;
  text.drawn = drawn;
  text.lang = lang;
  text.dir = "auto";
  text.hidden = !parts.length;
  text.replaceChildren(...parts.flatMap(({ t, note }) => note
    ? [node("span", "by-differs", t), inInterface("span", "by-note", note, texts)] : [t]));
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
