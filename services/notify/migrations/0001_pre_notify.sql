-- One row per notification asked for. Holds no contact data: that is in `contact`, so that its deletion is simple.
CREATE TABLE notification (
    id uuid PRIMARY KEY,
    recipient_ref text NOT NULL,
    channel text NOT NULL,
    template text NOT NULL,
    -- Null only where the request was refused before a version was chosen.
    template_version integer,
    language text NOT NULL,
    urgent boolean NOT NULL,
    not_before timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN
        ('accepted', 'sending', 'sent', 'delivered', 'failed', 'expired', 'unknown', 'cancelled')),
    code text,
    attempts integer NOT NULL,
    -- Why it was called off while a call to the gateway was under way: no further attempt may follow.
    called_off text,
    -- When the sender looks at it next; null when there is nothing left to send.
    next_attempt_at timestamptz,
    -- When the wait for a receipt ends.
    settle_at timestamptz,
    -- Since when nothing more is expected; the contact data is deleted a set time later.
    closed_at timestamptz
);
CREATE INDEX notification_due ON notification (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX notification_settle ON notification (settle_at) WHERE settle_at IS NOT NULL;
CREATE INDEX notification_recipient ON notification (recipient_ref);

-- Number and link, encrypted under a data key of this row alone.
CREATE TABLE contact (
    notification_id uuid PRIMARY KEY REFERENCES notification,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL
);

-- Written before the gateway is called. Without outcome long after: nobody knows whether the message left.
CREATE TABLE attempt (
    id uuid PRIMARY KEY,
    notification_id uuid NOT NULL REFERENCES notification,
    number integer NOT NULL,
    -- SHA-256 of the token in the address that was given to the gateway for its receipts.
    token_digest bytea NOT NULL UNIQUE,
    began_at timestamptz NOT NULL,
    outcome text CHECK (outcome IN ('taken', 'refused', 'not-taken', 'unclear')),
    code text,
    ended_at timestamptz,
    UNIQUE (notification_id, number)
);
CREATE INDEX attempt_open ON attempt (began_at) WHERE outcome IS NULL;

-- Every different receipt, also those that came too late to change anything.
CREATE TABLE receipt (
    id bigserial PRIMARY KEY,
    attempt_id uuid NOT NULL REFERENCES attempt,
    status text NOT NULL,
    reported_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    effect text NOT NULL CHECK (effect IN ('applied', 'noted', 'contradicts')),
    UNIQUE (attempt_id, status, reported_at)
);

-- Called off or stopped, also for requests that are read only afterwards (replayed dead letters).
CREATE TABLE called_off (notification_id uuid PRIMARY KEY, reason text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE recipient_stop (recipient_ref text PRIMARY KEY, reason text NOT NULL, at timestamptz NOT NULL);
