"""PTV v11, read side: the same content in the older shape."""
