"""The web page: the only package, besides app.py, that imports streamlit."""
