"""Fitting: one loop, its checkpoints, and the rule for the learning rate."""
