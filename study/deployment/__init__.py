"""How a trained network is run: in fewer operations, in other layouts and precisions, compiled, by an engine."""
