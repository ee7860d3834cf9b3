"""Benchmarks that compare the product, side by side in one run, with a floor and with what a team would use instead."""
