-- PTV's objects as they were received, instead of in a form of our own: a mapping that changes is applied to them again
-- without calling PTV. The tables before stay for processes of the previous version; a whole reading fills these.

CREATE TABLE ptv_object (
    kind text NOT NULL,
    id text NOT NULL,
    -- Version of the interface it was read from: v12, v11.
    source text NOT NULL,
    -- Of the row's content without times of publishing: equal means that nothing has changed.
    digest bytea NOT NULL,
    -- The row as JSON.
    body bytea NOT NULL,
    -- The last digest that could be made into an object; another one than `digest` while the newest row is broken.
    good_digest bytea,
    -- Ids of objects this one's listing is made of; of a connection: service, channel.
    uses text[] NOT NULL,
    -- Of a service: tags of where it is offered; null where only a whole reading of the row tells.
    areas text[],
    published_at timestamptz,
    -- Set when no source publishes the object any more. Rows stay: archived objects come back.
    gone_at timestamptz,
    gone_reason text,
    PRIMARY KEY (kind, id)
);
-- A national catalogue is read faster than it is compressed, and is 1.3 GB.
ALTER TABLE ptv_object ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX ptv_object_uses ON ptv_object USING gin (uses) WHERE kind = 'service';
CREATE INDEX ptv_object_service ON ptv_object ((uses[1])) WHERE kind = 'connection';
CREATE INDEX ptv_object_channel ON ptv_object ((uses[2])) WHERE kind = 'connection';
CREATE INDEX ptv_object_gone ON ptv_object (gone_at) WHERE gone_at IS NOT NULL;

-- Earlier versions of objects, kept for a time.
CREATE TABLE superseded_object (
    kind text NOT NULL,
    id text NOT NULL,
    digest bytea NOT NULL,
    source text NOT NULL,
    body bytea NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (kind, id, digest)
);
CREATE INDEX superseded_object_at ON superseded_object (superseded_at);

-- What could not be taken, one row per object: to be listed, and tried again. The explanation holds none of its content.
CREATE TABLE rejected_object (
    kind text NOT NULL,
    id text NOT NULL,
    source text NOT NULL,
    reason text NOT NULL,
    explanation text NOT NULL,
    -- Of a row that names no object, which is kept nowhere else.
    body bytea,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Each object beside its last readable version, where that is an earlier one, and whether it is among the rejected.
CREATE VIEW readable_object AS
SELECT o.kind, o.id, o.source, o.digest, o.body, o.good_digest, o.uses, o.published_at, o.gone_at, o.gone_reason,
       s.source AS good_source, s.body AS good_body,
       EXISTS (SELECT FROM rejected_object AS r WHERE r.kind = o.kind AND r.id = o.id) AS rejected
FROM ptv_object AS o
LEFT JOIN superseded_object AS s
    ON s.kind = o.kind AND s.id = o.id AND s.digest = o.good_digest AND o.good_digest <> o.digest;

-- Objects stored since their listings were derived last; `taken_by` is who derives from the mark.
CREATE TABLE object_change (
    kind text NOT NULL,
    id text NOT NULL,
    taken_by uuid,
    PRIMARY KEY (kind, id)
);

-- What a full run has met, by page; the rest may be gone.
CREATE TABLE seen_page (
    run_id uuid NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    ids text[] NOT NULL
);
CREATE INDEX seen_page_run ON seen_page (run_id, kind);

-- How far a full run has come in each stream of each source.
CREATE TABLE run_stream (
    run_id uuid NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    -- Where to go on, as the source understands it.
    resume text,
    finished boolean NOT NULL DEFAULT false,
    -- The source's own clock at the stream's first page.
    began timestamptz,
    PRIMARY KEY (run_id, source, kind)
);
ALTER TABLE run ADD COLUMN counts json;

-- The source's own time up to which every stream has been read.
CREATE TABLE source_watermark (
    source text PRIMARY KEY,
    at timestamptz NOT NULL
);

-- Version of the mapping, and scope, by which the listings were made; one row.
CREATE TABLE derived_form (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    form text NOT NULL
);

-- What persons have asked to forget: keyed hashes of addresses and numbers (0 words), and of names.
CREATE TABLE forgotten (
    hash bytea PRIMARY KEY,
    words integer NOT NULL
);
CREATE TABLE forgotten_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL DEFAULT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);
INSERT INTO forgotten_key DEFAULT VALUES;
