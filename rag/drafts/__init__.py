"""Check a draft: each of its sentences is looked up in the articles, without a model."""
