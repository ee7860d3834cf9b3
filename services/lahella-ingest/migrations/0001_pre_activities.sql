-- Activities as last accepted from Lähellä.fi, and the runs that read them.

CREATE TABLE activity (
    key text PRIMARY KEY,
    -- As received (json, not jsonb: it keeps every byte sequence the source may send).
    raw json NOT NULL,
    -- Of the content without what the server adds by itself.
    content_hash bytea NOT NULL,
    group_id text,
    organization_name text,
    business_id text,
    shown boolean NOT NULL,
    seen_run uuid NOT NULL,
    -- When time alone changes what is published: a visibility window opens or closes, a week of sessions begins.
    due_at timestamptz
);
CREATE INDEX activity_due ON activity (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE run (
    id uuid PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text,
    reason text,
    counts json
);
CREATE INDEX run_started_at ON run (started_at);
