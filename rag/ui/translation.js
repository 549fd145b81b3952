// The translation below the highlighted passage (a part of drawer.js).

const POLL_MS = 400; // interval of polling a running translation

function drawTranslation(drawer, translation) {
  clearInterval(drawer.polling);
  const marked = [...drawer.body.querySelectorAll("p:has(mark.by-cited)")].at(-1);
  if (!translation || !marked) return;
  const block = drawer.body.querySelector(".by-translation") ?? buildTranslation(drawer, marked);
  const [text, status, offer] = block.children;
  drawTranslated(drawer, text, translation);
  setText(status, translation.status);
  setText(offer, translation.offer);
  offer.work = { do: translation.running ? "stop" : "translate" };
  block.setAttribute("aria-busy", String(translation.running));
  if (translation.running) block.scrollIntoView({ block: "nearest" });
  // an interval, because nothing is redrawn without new text
  if (translation.running) drawer.polling = setInterval(() => drawer.act({ do: "poll" }), POLL_MS);
}

// Draws the text; below each part that differs from the original, what is missing or new.
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
  const status = node("p", "by-credits");
  status.setAttribute("role", "status");
  const offer = button("by-link", "", "", () => drawer.act(offer.work));
  status.lang = offer.lang = drawer.texts.language;
  block.append(node("p", "by-translated"), status, offer);
  passage.after(block);
  return block;
}
