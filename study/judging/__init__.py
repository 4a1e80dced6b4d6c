"""What may be said of measured numbers: they are read, compared and judged here, and nothing is written."""
