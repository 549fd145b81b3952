"""Fetch web pages: allowed addresses, transport, robots.txt, decoding."""
