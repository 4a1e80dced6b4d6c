"""Networks that others trained: their files, read without running anything in them, and what becomes of them here."""
