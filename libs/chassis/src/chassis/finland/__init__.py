"""Finnish identifiers and numbers as people write them, made one form."""
