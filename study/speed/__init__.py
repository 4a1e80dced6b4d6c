"""How fast a network runs: folded, in other precisions, compiled, by an engine; timed in turns."""
