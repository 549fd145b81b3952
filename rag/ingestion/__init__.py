"""Discover, read, split and index articles from files, addresses, feeds and uploads."""
