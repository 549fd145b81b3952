"""Metrics and traces of answers, for those who run Byline. Both are off unless a setting turns them on."""
