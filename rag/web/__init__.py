"""The web, read carefully: which addresses may be visited, pages, robots.txt, feeds."""
