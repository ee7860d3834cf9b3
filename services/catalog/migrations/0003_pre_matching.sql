-- Listings are compared by evidence, and what has to do with each other makes a component. This takes the place of
-- blocks: the columns and tables of those stay until every process of the version before is gone (0004_post).
ALTER TABLE listing
    ALTER COLUMN block SET DEFAULT '',
    -- What speaks for its being the same service as another, of which description, and by which keys others are found.
    ADD COLUMN evidence bytea,
    ADD COLUMN evidence_version bigint NOT NULL DEFAULT -1,
    ADD COLUMN match_keys bigint[] NOT NULL DEFAULT '{}',
    -- System and organisation: a source tells of no service twice under one, unless by the same name.
    ADD COLUMN source_key text NOT NULL DEFAULT '',
    -- System and name of the organisation: a system may have one organisation twice.
    ADD COLUMN namesake_key text NOT NULL DEFAULT '',
    ADD COLUMN to_match boolean NOT NULL DEFAULT true;
CREATE INDEX listing_match_keys ON listing USING gin (match_keys);
CREATE INDEX listing_namesakes ON listing (namesake_key, source_key) WHERE namesake_key <> '';
CREATE INDEX listing_to_match ON listing (listing_id) WHERE to_match;

-- Which component a listing belongs to, by the id of its senior listing. Apart from `listing`, so that matching never
-- waits for whoever stores listings. Written by one matcher at a time.
CREATE TABLE component (
    listing_id text PRIMARY KEY,
    label text NOT NULL
);
CREATE INDEX component_label ON component (label);

-- Pairs that a person would at least be asked about; one_id < other_id.
CREATE TABLE pair (
    one_id text NOT NULL,
    other_id text NOT NULL,
    score real NOT NULL,
    because text[] NOT NULL,
    by_rule boolean NOT NULL,
    PRIMARY KEY (one_id, other_id)
);
CREATE INDEX pair_other ON pair (other_id);

-- What people have decided: a row is never changed, the newest on a pair holds.
CREATE TABLE decision (
    id bigserial PRIMARY KEY,
    one_id text NOT NULL,
    other_id text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('same', 'different')),
    reason text,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    CHECK (one_id < other_id)
);
CREATE INDEX decision_one ON decision (one_id);
CREATE INDEX decision_other ON decision (other_id);

-- Pairs that wait for a decision.
CREATE TABLE review (
    one_id text NOT NULL,
    other_id text NOT NULL,
    score real NOT NULL,
    because text[] NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (one_id, other_id)
);
CREATE INDEX review_other ON review (other_id);
CREATE INDEX review_score ON review (score DESC, one_id, other_id);

-- Listings whose component has to be recomputed. A worker holds the row until it has written the component's entries.
CREATE TABLE dirty_listing (
    listing_id text PRIMARY KEY,
    marked_at timestamptz NOT NULL
);
CREATE INDEX dirty_listing_marked_at ON dirty_listing (marked_at);

-- The form of evidence that all listings have; another one has it taken anew.
CREATE TABLE matched_by (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    form text NOT NULL
);
