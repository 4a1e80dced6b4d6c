"""What the paper prints and how it was set up: its tables, its counting rules, and where a run departs from it."""
