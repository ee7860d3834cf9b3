-- name: hold_content!
-- One projector at a time stores the content pack.
SELECT pg_advisory_xact_lock(hashtext('catalog content'));

-- name: content_listings
SELECT listing_id, version, live, described_version, description, changed_at FROM listing
WHERE starts_with(listing_id, 'content:') ORDER BY listing_id;

-- name: entries_after
SELECT entry_id::text AS entry_id, body FROM entry WHERE entry_id > :after::uuid ORDER BY entry_id LIMIT :most;

-- name: entry_count$
SELECT count(*) FROM entry;
