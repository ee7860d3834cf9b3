-- name: known_blocks
-- Blocks the listings are in now; holds the rows, in id order.
SELECT listing_id, block FROM listing WHERE listing_id = ANY(:ids::text[]) ORDER BY listing_id FOR UPDATE;

-- name: keep_listings
-- Higher version wins, for liveness and description apart; rows that change nothing are not returned. Ids differ.
INSERT INTO listing AS l (listing_id, version, live, described_version, description, changed_at, block, concepts)
SELECT u.listing_id, u.version, u.live, u.described_version, u.description, u.changed_at, u.block,
       coalesce(array(SELECT jsonb_array_elements_text(u.concepts::jsonb)), '{}')
FROM unnest(:ids::text[], :versions::bigint[], :live::bool[], :described::bigint[], :descriptions::bytea[],
            :changed::timestamptz[], :blocks::text[], :concepts::text[])
     AS u (listing_id, version, live, described_version, description, changed_at, block, concepts)
ORDER BY u.listing_id
ON CONFLICT (listing_id) DO UPDATE SET
    version = greatest(l.version, excluded.version),
    live = CASE WHEN excluded.version > l.version THEN excluded.live ELSE l.live END,
    described_version = greatest(l.described_version, excluded.described_version),
    description = CASE WHEN excluded.described_version > l.described_version THEN excluded.description ELSE l.description END,
    changed_at = CASE WHEN excluded.described_version > l.described_version THEN excluded.changed_at ELSE l.changed_at END,
    block = CASE WHEN excluded.described_version > l.described_version THEN excluded.block ELSE l.block END,
    concepts = CASE WHEN excluded.described_version > l.described_version THEN excluded.concepts ELSE l.concepts END
WHERE excluded.version > l.version OR excluded.described_version > l.described_version
RETURNING l.listing_id, l.block;

-- name: live_listings
SELECT listing_id AS key, version FROM listing WHERE live;

-- name: named_concepts
SELECT concept_id AS key, version FROM concept WHERE names IS NOT NULL;

-- name: mark_blocks!
-- In block order, as every marker does, so that two never wait for each other.
INSERT INTO dirty_block AS d (block, marked_at)
SELECT DISTINCT b, :now::timestamptz FROM unnest(:blocks::text[]) AS b ORDER BY b
ON CONFLICT (block) DO UPDATE SET marked_at = d.marked_at;

-- name: mark_blocks_of_concepts!
INSERT INTO dirty_block AS d (block, marked_at)
SELECT DISTINCT block, :now::timestamptz FROM listing WHERE live AND concepts && :keys::text[] ORDER BY block
ON CONFLICT (block) DO UPDATE SET marked_at = d.marked_at;

-- name: mark_all_blocks!
INSERT INTO dirty_block AS d (block, marked_at)
SELECT DISTINCT block, :now::timestamptz FROM listing ORDER BY block
ON CONFLICT (block) DO UPDATE SET marked_at = d.marked_at;

-- name: notify_dirty!
SELECT pg_notify('dirty_block', '');

-- name: known_concepts
SELECT concept_id, key, names FROM concept WHERE concept_id = ANY(:ids::text[]);

-- name: keep_concepts
-- Higher version wins; what changes nothing is not returned. A removal knows no key: the row keeps the one it had.
INSERT INTO concept AS c (concept_id, version, key, names)
SELECT u.i, u.v, coalesce(u.k, u.i), u.n
FROM unnest(:ids::text[], :versions::bigint[], :keys::text[], :names::bytea[]) AS u (i, v, k, n) ORDER BY u.i
ON CONFLICT (concept_id) DO UPDATE SET version = excluded.version, names = excluded.names,
    key = CASE WHEN excluded.names IS NULL THEN c.key ELSE excluded.key END
WHERE excluded.version > c.version
RETURNING c.concept_id, c.key, c.names;

-- name: concept_names
-- Where two concepts have one key, the last counts: that of the greater id, in the order that every reader has.
SELECT key, names FROM concept WHERE key = ANY(:keys::text[]) AND names IS NOT NULL ORDER BY key, concept_id COLLATE "C";

-- name: filed_by$
SELECT digest FROM filed_by FOR UPDATE;

-- name: set_filed_by!
INSERT INTO filed_by (digest) VALUES (:digest) ON CONFLICT (one_row) DO UPDATE SET digest = excluded.digest;

-- name: take_dirty
SELECT block FROM dirty_block ORDER BY marked_at, block LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: forget_dirty!
DELETE FROM dirty_block WHERE block = ANY(:blocks::text[]);

-- name: listings_of_blocks
SELECT listing_id, version, live, described_version, description, changed_at, block
FROM listing WHERE block = ANY(:blocks::text[]) ORDER BY listing_id;

-- name: drop_links!
DELETE FROM link AS l WHERE l.block = ANY(:blocks::text[]) AND NOT EXISTS (
    SELECT FROM unnest(:ptv::text[], :lahella::text[]) AS u (ptv_id, lahella_id)
    WHERE u.ptv_id = l.ptv_id AND u.lahella_id = l.lahella_id
);

-- name: keep_links!
INSERT INTO link AS l (ptv_id, lahella_id, method, linked_at, block)
SELECT u.ptv_id, u.lahella_id, :method, :now::timestamptz, u.block
FROM unnest(:ptv::text[], :lahella::text[], :link_blocks::text[]) AS u (ptv_id, lahella_id, block)
ORDER BY 1, 2
ON CONFLICT (ptv_id, lahella_id) DO UPDATE SET method = excluded.method, block = excluded.block
WHERE l.method <> excluded.method OR l.block <> excluded.block;

-- name: keep_entries!
INSERT INTO entry AS e (entry_id, aliases, listing_ids, body, computed_at, counted_under)
SELECT u.entry_id, array(SELECT jsonb_array_elements_text(u.aliases::jsonb)::uuid),
       array(SELECT jsonb_array_elements_text(u.listing_ids::jsonb)), u.body, :now::timestamptz,
       array(SELECT jsonb_array_elements_text(u.counted_under::jsonb))
FROM unnest(:ids::uuid[], :aliases::text[], :listing_ids::text[], :bodies::bytea[], :counted_under::text[])
     AS u (entry_id, aliases, listing_ids, body, counted_under)
ORDER BY 1
ON CONFLICT (entry_id) DO UPDATE SET
    aliases = excluded.aliases, listing_ids = excluded.listing_ids, body = excluded.body,
    computed_at = excluded.computed_at, counted_under = excluded.counted_under
WHERE e.body <> excluded.body OR e.counted_under <> excluded.counted_under;

-- name: drop_entries!
DELETE FROM entry WHERE entry_id = ANY(:ids::uuid[]);

-- name: counted_before
SELECT entry_id, counted_under FROM entry WHERE entry_id = ANY(:ids::uuid[]);

-- name: add_counts!
-- The last statement of its transaction: whoever else counts waits for these rows, in their order, until it ends.
INSERT INTO filing_count AS c (counted, entries)
SELECT u.counted, u.more FROM unnest(:counted::text[], :more::bigint[]) AS u (counted, more) ORDER BY u.counted
ON CONFLICT (counted) DO UPDATE SET entries = c.entries + excluded.entries;

-- name: hold_counts!
LOCK TABLE filing_count IN SHARE ROW EXCLUSIVE MODE;

-- name: forget_counts!
DELETE FROM filing_count;

-- name: count_again!
INSERT INTO filing_count (counted, entries)
SELECT counted, count(*) FROM entry, unnest(counted_under) AS counted GROUP BY counted;

-- name: filing_counts
SELECT counted, entries FROM filing_count WHERE entries > 0;

-- name: entries_counted_under
SELECT body, counted_under FROM entry WHERE counted_under && :counted::text[] ORDER BY entry_id;

-- name: share_concepts!
-- Those who store listings share this lock; who changes names holds it alone, so that no listing slips past its marking.
SELECT pg_advisory_xact_lock_shared(hashtext('catalog concepts'));

-- name: hold_concepts!
SELECT pg_advisory_xact_lock(hashtext('catalog concepts'));
