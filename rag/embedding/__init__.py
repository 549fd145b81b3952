"""Texts to vectors: embedding models, mean centring per language, cross-encoders."""
