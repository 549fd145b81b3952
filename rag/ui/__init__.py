"""The web page: the only package, besides app.py and page.py, that imports streamlit."""
