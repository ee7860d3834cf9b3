"""What both ingests share: the scope of the county, and what persons have asked to forget."""
