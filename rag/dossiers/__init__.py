"""Answers to broad questions, quoted from many articles without a model: dossiers, timelines, comparisons."""
