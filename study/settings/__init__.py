"""What stages may read and say: parameters, paths, errors, the rows of the tables, provenance."""
