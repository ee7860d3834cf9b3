-- What the service knows of PTV: its objects as they were read last, and how far reading has come.

CREATE TABLE source_object (
    kind text NOT NULL,
    id text NOT NULL,
    -- Of the row as the source sent it: equal means that nothing needs to be read again.
    digest bytea NOT NULL,
    -- The object in our own form, as JSON: equal means that nothing has changed for readers.
    content bytea NOT NULL,
    published_at timestamptz,
    -- Whether storing it last changed what it means.
    differs boolean NOT NULL DEFAULT true,
    -- Ids of objects this one's listing is made of; of a connection: service, channel.
    uses text[] NOT NULL,
    -- Set when the source no longer publishes the object. Rows stay: archived objects come back.
    gone_at timestamptz,
    gone_reason text,
    PRIMARY KEY (kind, id)
);
CREATE INDEX source_object_uses ON source_object USING gin (uses) WHERE kind = 'service';
CREATE INDEX source_object_service ON source_object ((uses[1])) WHERE kind = 'connection';
CREATE INDEX source_object_channel ON source_object ((uses[2])) WHERE kind = 'connection';
CREATE INDEX source_object_gone ON source_object (gone_at) WHERE gone_at IS NOT NULL;

-- Objects stored since their listings were derived last: a process killed in between leaves its work here.
CREATE TABLE changed_object (
    kind text NOT NULL,
    id text NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE run (
    run_id uuid PRIMARY KEY,
    mode text NOT NULL,
    -- Form of the stored objects and the scope; another one asks for a full read.
    form text NOT NULL,
    started_at timestamptz NOT NULL,
    -- The source's own clock when the run's first page was made.
    source_time timestamptz,
    finished_streams text[] NOT NULL DEFAULT '{}',
    ended_at timestamptz,
    outcome text,
    reason text
);
CREATE INDEX run_started_at ON run (started_at);

-- What a full run has met; the rest may be gone.
CREATE TABLE seen_object (
    run_id uuid NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    PRIMARY KEY (run_id, kind, id)
);

-- The source's time up to which every stream has been read; one row.
CREATE TABLE watermark (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at timestamptz NOT NULL
);

-- Rows of the archived connections already acted on: they name no connection, so only a new one says anything.
CREATE TABLE connection_archive (
    id text PRIMARY KEY,
    noted_at timestamptz NOT NULL
);

-- Names of post offices, since addresses carry the postal code only; JSON text by language.
CREATE TABLE post_office (
    postal_code text PRIMARY KEY,
    name bytea NOT NULL
);
