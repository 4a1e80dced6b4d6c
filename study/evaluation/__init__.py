"""Procedures over a trained model and a split."""
