"""Which listings describe one service: evidence of each, a score for two, components of many."""
