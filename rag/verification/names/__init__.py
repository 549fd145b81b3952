"""Extract and compare names across five languages and three scripts."""
