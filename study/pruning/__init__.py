"""Pruning: which filters of a trained network to remove, and their removal."""
