-- Matching looks up thousands of keys one by one: each look-up would go through the whole list of pending entries, which
-- after a large reading is megabytes long.
ALTER INDEX listing_match_keys SET (fastupdate = off);
SELECT gin_clean_pending_list('listing_match_keys');
