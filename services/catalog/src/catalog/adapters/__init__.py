"""PostgreSQL, content files, tantivy."""
