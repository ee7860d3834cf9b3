-- name: hold_listings!
-- In id order, as every writer of listings does, so that two never wait for each other.
SELECT FROM listing WHERE listing_id = ANY(:ids::text[]) ORDER BY listing_id FOR UPDATE;

-- name: keep_listings
-- Higher version wins, for liveness and description apart; rows that change nothing are not returned. Ids differ.
-- What a listing is matched by goes with its description; it is matched again only where its evidence is another.
INSERT INTO listing AS l (listing_id, version, live, described_version, description, changed_at, concepts,
                          evidence, evidence_version, match_keys, source_key, namesake_key)
SELECT u.listing_id, u.version, u.live, u.described_version, u.description, u.changed_at,
       coalesce(array(SELECT jsonb_array_elements_text(u.concepts::jsonb)), '{}'),
       u.evidence, u.described_version, coalesce(array(SELECT jsonb_array_elements_text(u.keys::jsonb)::bigint), '{}'),
       u.source_key, u.namesake_key
FROM unnest(:ids::text[], :versions::bigint[], :live::bool[], :described::bigint[], :descriptions::bytea[],
            :changed::timestamptz[], :concepts::text[], :evidence::bytea[], :keys::text[], :source_keys::text[],
            :namesake_keys::text[])
     AS u (listing_id, version, live, described_version, description, changed_at, concepts, evidence, keys, source_key,
           namesake_key)
ORDER BY u.listing_id
ON CONFLICT (listing_id) DO UPDATE SET
    version = greatest(l.version, excluded.version),
    live = CASE WHEN excluded.version > l.version THEN excluded.live ELSE l.live END,
    described_version = greatest(l.described_version, excluded.described_version),
    description = CASE WHEN excluded.described_version > l.described_version THEN excluded.description ELSE l.description END,
    changed_at = CASE WHEN excluded.described_version > l.described_version THEN excluded.changed_at ELSE l.changed_at END,
    concepts = CASE WHEN excluded.described_version > l.described_version THEN excluded.concepts ELSE l.concepts END,
    evidence = CASE WHEN excluded.described_version > l.described_version THEN excluded.evidence ELSE l.evidence END,
    evidence_version = greatest(l.evidence_version, excluded.evidence_version),
    match_keys = CASE WHEN excluded.described_version > l.described_version THEN excluded.match_keys ELSE l.match_keys END,
    source_key = CASE WHEN excluded.described_version > l.described_version THEN excluded.source_key ELSE l.source_key END,
    namesake_key =
        CASE WHEN excluded.described_version > l.described_version THEN excluded.namesake_key ELSE l.namesake_key END,
    to_match = l.to_match
        OR (excluded.described_version > l.described_version AND excluded.evidence IS DISTINCT FROM l.evidence)
WHERE excluded.version > l.version OR excluded.described_version > l.described_version
RETURNING l.listing_id, l.to_match;

-- name: live_listings
-- What the content pack has is no topic's.
SELECT listing_id AS key, version FROM listing WHERE live AND NOT starts_with(listing_id, 'content:');

-- name: named_concepts
SELECT concept_id AS key, version FROM concept WHERE names IS NOT NULL;

-- name: mark_listings!
-- In id order, as every marker does, so that two never wait for each other.
INSERT INTO dirty_listing AS d (listing_id, marked_at)
SELECT DISTINCT u, :now::timestamptz FROM unnest(:ids::text[]) AS u ORDER BY u
ON CONFLICT (listing_id) DO UPDATE SET marked_at = d.marked_at;

-- name: mark_listings_of_concepts!
INSERT INTO dirty_listing AS d (listing_id, marked_at)
SELECT listing_id, :now::timestamptz FROM listing WHERE live AND concepts && :keys::text[] ORDER BY listing_id
ON CONFLICT (listing_id) DO UPDATE SET marked_at = d.marked_at;

-- name: mark_all_listings!
INSERT INTO dirty_listing AS d (listing_id, marked_at)
SELECT listing_id, :now::timestamptz FROM listing ORDER BY listing_id
ON CONFLICT (listing_id) DO UPDATE SET marked_at = d.marked_at;

-- name: notify_dirty!
SELECT pg_notify('dirty_listing', '');

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
SELECT listing_id FROM dirty_listing ORDER BY marked_at, listing_id LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: hold_components
-- One worker at a time has a component of a model; never waits, so that it holds up nobody who waits for its marks.
SELECT label FROM (
    SELECT DISTINCT label FROM component WHERE listing_id = ANY(:ids::text[]) ORDER BY label
) AS wanted WHERE pg_try_advisory_xact_lock(hashtextextended(label, (current_schema() = 'rebuild')::int));

-- name: forget_dirty!
-- The marks of listings whose component was recomputed, and of those that are in none yet: matching marks them again.
DELETE FROM dirty_listing AS d WHERE d.listing_id = ANY(:ids::text[])
    AND NOT EXISTS (SELECT FROM component AS c WHERE c.listing_id = d.listing_id AND NOT c.label = ANY(:labels::text[]));

-- name: listings_of_components
SELECT l.listing_id, l.version, l.live, l.described_version, l.description, l.changed_at, c.label
FROM component AS c JOIN listing AS l USING (listing_id) WHERE c.label = ANY(:labels::text[]) ORDER BY l.listing_id;

-- name: pairs_of_components
SELECT p.one_id, p.other_id, p.score, p.because, p.by_rule, c.label
FROM component AS c JOIN pair AS p ON p.one_id = c.listing_id WHERE c.label = ANY(:labels::text[])
ORDER BY p.one_id, p.other_id;

-- name: decisions_of_components
SELECT d.one_id, d.other_id, d.verdict, d.decided_at, c.label
FROM component AS c JOIN decision AS d ON d.one_id = c.listing_id WHERE c.label = ANY(:labels::text[]) ORDER BY d.id;

-- name: drop_reviews!
DELETE FROM review AS r WHERE (r.one_id = ANY(:ids::text[]) OR r.other_id = ANY(:ids::text[])) AND NOT EXISTS (
    SELECT FROM unnest(:one::text[], :other::text[]) AS u (one_id, other_id)
    WHERE u.one_id = r.one_id AND u.other_id = r.other_id
);

-- name: keep_reviews!
INSERT INTO review AS r (one_id, other_id, score, because, since)
SELECT u.one_id, u.other_id, u.score, array(SELECT jsonb_array_elements_text(u.because::jsonb)), :now::timestamptz
FROM unnest(:one::text[], :other::text[], :scores::real[], :because::text[]) AS u (one_id, other_id, score, because)
ORDER BY 1, 2
ON CONFLICT (one_id, other_id) DO UPDATE SET score = excluded.score, because = excluded.because
WHERE r.score <> excluded.score OR r.because <> excluded.because;

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
WHERE (e.aliases, e.listing_ids, e.body, e.counted_under)
    IS DISTINCT FROM (excluded.aliases, excluded.listing_ids, excluded.body, excluded.counted_under);

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
