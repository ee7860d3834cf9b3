"""From the topic of listings to merged, filed entries."""
