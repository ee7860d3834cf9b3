-- The tables of the delivery promises: every service's database has them.

-- Last version given out per key of a topic. Never deleted: a late or restored writer must not reuse a version.
CREATE TABLE stream_version (
    topic text NOT NULL,
    key text NOT NULL,
    version bigint NOT NULL,
    -- Of the state last published, where the writer publishes changes only; null once removed.
    hash bytea,
    PRIMARY KEY (topic, key)
);

-- Events that are committed but not yet published. Debezium's outbox router can read the same table.
CREATE TABLE outbox (
    seq bigserial PRIMARY KEY,
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid text NOT NULL,
    type text NOT NULL,
    payload bytea,
    source text NOT NULL,
    time timestamptz NOT NULL,
    subject text,
    dataschema text,
    version bigint NOT NULL,
    traceparent text,
    -- Why the broker refused the row; the key waits until an operator retries or discards it.
    refused text
);
CREATE INDEX outbox_refused ON outbox (aggregatetype, aggregateid, seq) WHERE refused IS NOT NULL;

-- Who relays now. The lease only elects; what fences a zombie is the broker, by the transactional id.
CREATE TABLE relay_lease (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    held_until timestamptz NOT NULL
);

-- Events of effect topics already handled, by group.
CREATE TABLE inbox (
    consumer_group text NOT NULL,
    event text NOT NULL,
    handled_at timestamptz NOT NULL,
    PRIMARY KEY (consumer_group, event)
);
CREATE INDEX inbox_handled_at ON inbox (handled_at);

-- Records that wait: a failed one to be tried again (retry) or mended by a person (dead), and those of its key behind it (waiting).
CREATE TABLE parked (
    consumer_group text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key text NOT NULL,
    -- Whether later records of the key wait behind this one: true for effect topics, false for state topics.
    blocking boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('retry', 'dead', 'waiting')),
    headers bytea NOT NULL,
    value bytea,
    recorded_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    code text,
    next_attempt_at timestamptz,
    PRIMARY KEY (consumer_group, topic, partition, "offset")
);
CREATE INDEX parked_key ON parked (consumer_group, topic, key, "offset") WHERE blocking;
CREATE INDEX parked_due ON parked (consumer_group, next_attempt_at) WHERE state = 'retry';

-- What became of each dead letter that an operator has worked on.
CREATE TABLE dead_letter_outcome (
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    outcome text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
);
