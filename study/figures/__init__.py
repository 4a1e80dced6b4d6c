"""The figures, from stored results alone."""
