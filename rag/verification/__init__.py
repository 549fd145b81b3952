"""Check the sentences of an answer against the passages that they cite. No I/O, except bundled word lists."""
