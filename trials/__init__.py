"""Rough weather on purpose: kills, damage, strange input, several runs at once, each tried many times and counted.

Beside `tests/` and not in it, because pytest must not collect it: it takes minutes, draws by a seed, and ends in a
table rather than in a pass. It sees the study as a user does, through its stages, its files and its lines on stderr.
"""
