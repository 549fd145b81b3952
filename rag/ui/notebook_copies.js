// The answers and quotations of the notebook, by their ids. They are a component of their own, because
// Streamlit sends only components that have changed: saving a note does not send them.

export default function ({ data }) {
  window.bylineCopies = data.copies;
  document.dispatchEvent(new CustomEvent("byline:copies"));
}
