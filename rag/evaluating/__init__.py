"""Data sets → figures: how well Byline finds what is there. One module for each kind of evaluation."""
