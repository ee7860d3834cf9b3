"""A small consumer and producer that obey the promises, for tests that inject faults into them."""
