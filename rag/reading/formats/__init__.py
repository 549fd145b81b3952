"""File formats to raw articles: one module per format."""
