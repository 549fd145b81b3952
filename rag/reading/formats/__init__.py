"""Readers of file formats, which return raw articles: one module per format."""
