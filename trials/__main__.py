"""Repeat the trials: `python -m trials`, or a short form of them: `python -m trials --short`."""

from trials.command import main

main()
