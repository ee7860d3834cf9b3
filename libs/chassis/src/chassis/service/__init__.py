"""The anatomy that every service shares: what it is made of, and its command line."""
