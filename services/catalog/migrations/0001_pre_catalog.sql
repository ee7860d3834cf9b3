-- One row per listing ever heard of; rows are never deleted, so that nothing late resurrects.
CREATE TABLE listing (
    listing_id text PRIMARY KEY,
    version bigint NOT NULL,
    live boolean NOT NULL,
    -- The newest description, kept after a removal: it says which entry the listing's old links lead to.
    described_version bigint NOT NULL,
    description bytea,
    changed_at timestamptz,
    -- Listings of one block may be one service; a block is recomputed as a whole.
    block text NOT NULL,
    -- Keys of the service classes and ontology terms whose names the entry shows.
    concepts text[] NOT NULL
);
CREATE INDEX listing_block ON listing (block);
CREATE INDEX listing_concepts ON listing USING gin (concepts);

CREATE TABLE concept (
    concept_id text PRIMARY KEY,
    version bigint NOT NULL,
    key text NOT NULL,
    names bytea
);
CREATE INDEX concept_key ON concept (key);

-- Blocks to recompute. A worker holds the row until it has written the block's entries; a listing of the block can't
-- change meanwhile, because whoever changes it has to mark the block first.
CREATE TABLE dirty_block (
    block text PRIMARY KEY,
    marked_at timestamptz NOT NULL
);
CREATE INDEX dirty_block_marked_at ON dirty_block (marked_at);

-- Which listings are the same service, by which method, since when.
CREATE TABLE link (
    ptv_id text NOT NULL,
    lahella_id text NOT NULL,
    method text NOT NULL,
    linked_at timestamptz NOT NULL,
    block text NOT NULL,
    PRIMARY KEY (ptv_id, lahella_id)
);
CREATE INDEX link_block ON link (block);

CREATE TABLE entry (
    entry_id uuid PRIMARY KEY,
    aliases uuid[] NOT NULL,
    listing_ids text[] NOT NULL,
    body bytea NOT NULL,
    computed_at timestamptz NOT NULL
);
CREATE INDEX entry_aliases ON entry USING gin (aliases);

-- Digest of the content pack by which all entries were last filed.
CREATE TABLE filed_by (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    digest text NOT NULL
);
