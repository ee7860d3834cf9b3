"""Reading a whole country's PTV."""
