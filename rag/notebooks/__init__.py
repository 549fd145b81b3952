"""Notebooks: answers, quotations and notes that a reader keeps, in an order of choice; their export."""
