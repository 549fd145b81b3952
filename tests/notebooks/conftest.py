"""These tests run on a file and on PostgreSQL."""

from databases import pytest_generate_tests

__all__ = ["pytest_generate_tests"]
