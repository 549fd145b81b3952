"""Text handling shared by all packages: sentences, passages, language, words."""
