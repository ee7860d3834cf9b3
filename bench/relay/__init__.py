"""The outbox relay beside a bare transactional producer."""
