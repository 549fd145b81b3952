"""The command line, `python -m rag`: parse, call the library, print. Its JSON is a contract."""
