"""Words of texts and queries: tokens, base forms, compound parts."""
