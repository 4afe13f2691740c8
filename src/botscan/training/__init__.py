"""Fitting the model; the only room that imports scikit-learn."""
