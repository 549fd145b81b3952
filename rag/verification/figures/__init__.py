"""Extract and compare numbers, amounts, dates and times in five languages."""
