"""Clean the text of articles: encodings, line wrapping, boilerplate, hidden elements, datelines."""
