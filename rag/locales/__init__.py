"""All texts that people or models read, in one JSON file per language."""
