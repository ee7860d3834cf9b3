"""Pure values and functions: listings in, entries out."""
