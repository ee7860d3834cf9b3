-- name: create_tables#
-- The catalogue's own tables and indexes for listings and entries, under other names so that its changes are its own.
CREATE TABLE floor_listing (
    listing_id text PRIMARY KEY,
    version bigint NOT NULL,
    live boolean NOT NULL,
    description bytea,
    block text NOT NULL,
    concepts text[] NOT NULL
);
CREATE INDEX floor_listing_block ON floor_listing (block);
CREATE INDEX floor_listing_concepts ON floor_listing USING gin (concepts);
CREATE TABLE floor_entry (
    entry_id uuid PRIMARY KEY,
    aliases uuid[] NOT NULL,
    listing_ids text[] NOT NULL,
    body bytea NOT NULL,
    computed_at timestamptz NOT NULL
);
CREATE INDEX floor_entry_aliases ON floor_entry USING gin (aliases);

-- name: keep_listings!
INSERT INTO floor_listing AS l (listing_id, version, live, description, block, concepts)
SELECT u.listing_id, u.version, true, u.description, u.listing_id,
       coalesce(array(SELECT jsonb_array_elements_text(u.concepts::jsonb)), '{}')
FROM unnest(:ids::text[], :versions::bigint[], :descriptions::bytea[], :concepts::text[])
     AS u (listing_id, version, description, concepts)
ORDER BY u.listing_id
ON CONFLICT (listing_id) DO UPDATE SET version = excluded.version, description = excluded.description
WHERE l.version < excluded.version;

-- name: keep_entries!
INSERT INTO floor_entry AS e (entry_id, aliases, listing_ids, body, computed_at)
SELECT u.entry_id, '{}', ARRAY[u.listing_id], u.body, :now::timestamptz
FROM unnest(:ids::uuid[], :listing_ids::text[], :bodies::bytea[]) AS u (entry_id, listing_id, body)
ORDER BY 1
ON CONFLICT (entry_id) DO UPDATE SET body = excluded.body, computed_at = excluded.computed_at WHERE e.body <> excluded.body;
