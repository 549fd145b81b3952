"""The library on disk: SQLite for texts, ledger and keywords, Chroma for vectors."""
