// The answers and quotations of the notebook, by their ids. Apart from the rest, because Streamlit does not send
// again what has not changed: a note is saved without all that was kept.

export default function ({ data }) {
  window.bylineCopies = data.copies;
  document.dispatchEvent(new CustomEvent("byline:copies"));
}
