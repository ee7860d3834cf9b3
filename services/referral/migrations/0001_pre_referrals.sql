-- What is in the clear here are codes, dates and random ids. Whoever is referred is known only from referral_content,
-- and that opens only with referral_key: deleting the key is the erasure, in every copy of the database.

CREATE TABLE referral (
    id uuid PRIMARY KEY,
    -- The id under which steps are counted; nothing outside this table joins it to the referral.
    case_id uuid NOT NULL UNIQUE,
    referral_type text NOT NULL,
    -- Both null under turvakielto: the place of such a client shows nowhere in the clear.
    municipality text,
    receiver text,
    state text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    -- Keyed pseudonym of the identity code, or random: whose entries in the logs belong together.
    client_ref text NOT NULL,
    -- Keyed pseudonyms of what a second referral of the same client would repeat; emptied on erasure.
    likenesses text[] NOT NULL,
    created_at timestamptz NOT NULL,
    created_on date NOT NULL,
    acknowledge_by timestamptz,
    CHECK (municipality IS NOT NULL OR receiver IS NULL)
);
CREATE INDEX referral_likenesses ON referral USING gin (likenesses);

CREATE TABLE referral_content (
    referral_id uuid PRIMARY KEY REFERENCES referral,
    -- AES-256-GCM: 12 bytes of nonce, then the text; bound to the referral's id.
    ciphertext bytea NOT NULL
);

CREATE TABLE referral_key (
    referral_id uuid PRIMARY KEY REFERENCES referral,
    wrapped bytea NOT NULL
);

CREATE TABLE consent (
    referral_id uuid PRIMARY KEY REFERENCES referral,
    text_version text NOT NULL,
    given_at timestamptz NOT NULL,
    form text NOT NULL,
    feedback boolean NOT NULL,
    safe_channels text[] NOT NULL,
    withdrawn_at timestamptz
);

-- Who did what; a fact is never overwritten by a later one.
CREATE TABLE referral_fact (
    id bigserial PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referral,
    party text NOT NULL,
    act text NOT NULL,
    -- Said by the party, recorded by us.
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- ce_id of the reply that brought it.
    reply_id text,
    outcome text,
    -- False for a late truth about a closed referral: known, but without effect.
    applied boolean NOT NULL,
    UNIQUE (referral_id, reply_id)
);

-- Events that told the receiver of the referral: a reply must answer one of them.
CREATE TABLE referral_event (
    referral_id uuid NOT NULL REFERENCES referral,
    event_id uuid NOT NULL,
    receiver text NOT NULL,
    attempt integer NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (referral_id, event_id)
);

CREATE TABLE reply_refusal (
    receiver text NOT NULL,
    reply_id text NOT NULL,
    -- As the reply claims; there may be no such referral.
    referral_id uuid NOT NULL,
    code text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (receiver, reply_id)
);

CREATE TABLE notification (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referral,
    -- What it is about, one notification each.
    matter text NOT NULL,
    recipient_ref text NOT NULL,
    channel text NOT NULL,
    state text NOT NULL,
    at timestamptz NOT NULL,
    UNIQUE (referral_id, matter)
);

-- The answer given to a request, for when the same request comes again. Keys and requests only as keyed hashes.
CREATE TABLE idempotency (
    key_hash text PRIMARY KEY,
    request_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    response bytea
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

-- Every read of a client's data, and every disclosure of it (laki 703/2023, 11 §). No foreign keys: the logs outlive
-- what they tell of, and are kept by a rule of their own.
CREATE TABLE usage_log (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL,
    client_ref text NOT NULL,
    referral_id uuid NOT NULL,
    actor text NOT NULL,
    action text NOT NULL
);
CREATE INDEX usage_log_client ON usage_log (client_ref, at);

CREATE TABLE disclosure_log (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL,
    client_ref text NOT NULL,
    referral_id uuid NOT NULL,
    actor text NOT NULL,
    receiver text NOT NULL,
    ground text NOT NULL,
    event_id uuid
);
CREATE INDEX disclosure_log_client ON disclosure_log (client_ref, at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER usage_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON usage_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disclosure_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
