"""The pages: the only part of Byline, besides app.py, that imports streamlit."""
