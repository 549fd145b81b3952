"""Every text that people or models read, in one JSON file a language."""
