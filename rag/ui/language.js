// Tells the browser and screen readers which language the page is in, and keeps what was picked.

const YEAR = 365 * 24 * 60 * 60;

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  if (data.keep) document.cookie = `${data.keep}; max-age=${YEAR}; path=/; samesite=strict`;
}
