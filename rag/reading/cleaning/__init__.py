"""Separate an article from the page around it: boilerplate, hidden text, dates."""
