"""Byline: ask a library of articles, and follow every sentence to its passage."""
