"""Measure retrieval, answers, the check and text extraction on data sets; one module for each evaluation."""
