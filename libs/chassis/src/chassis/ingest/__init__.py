"""What both ingests share: what persons have asked to forget."""
