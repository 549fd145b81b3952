"""Answers to broad questions: dossiers and timelines, quoted from many articles without a model."""
