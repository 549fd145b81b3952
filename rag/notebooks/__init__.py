"""Notebooks: what a reader keeps of the answers, with notes between, ordered by hand and exported."""
