-- name: next_versions
-- Draws the next version of each key, holding each key's row until the transaction ends. Keys come sorted, so that
-- two batches lock in one order. max(last + 1, now): a restored backup reuses no version.
INSERT INTO stream_version AS v (topic, key, version)
SELECT :topic, k, :now_us
FROM unnest(:keys::text[]) AS k
ON CONFLICT (topic, key) DO UPDATE SET version = greatest(v.version + 1, excluded.version)
RETURNING v.key, v.version;

-- name: published_hashes
-- Locks the keys' rows, in key order, so that what is compared is what is replaced.
SELECT key, hash FROM stream_version
WHERE topic = :topic AND key = ANY(:keys::text[]) AND hash IS NOT NULL
ORDER BY key FOR UPDATE;

-- name: set_hashes!
UPDATE stream_version AS v SET hash = u.hash
FROM unnest(:keys::text[], :hashes::bytea[]) AS u (key, hash)
WHERE v.topic = :topic AND v.key = u.key;

-- name: published_keys
SELECT key FROM stream_version WHERE topic = :topic AND hash IS NOT NULL AND starts_with(key, :prefix) ORDER BY key;

-- name: insert_outbox!
-- Comes after next_versions in the same transaction: seq is drawn while the key's row is held, so seq is commit order per key.
INSERT INTO outbox
    (id, aggregatetype, aggregateid, type, payload, source, time, subject, dataschema, version, traceparent)
SELECT * FROM unnest(
    :ids::uuid[], :topics::text[], :keys::text[], :types::text[], :payloads::bytea[], :sources::text[],
    :times::timestamptz[], :subjects::text[], :dataschemas::text[], :versions::bigint[], :traceparents::text[]
);

-- name: notify_outbox!
SELECT pg_notify('outbox', '');

-- name: unsent
-- All rows not held back by a refused one of their key; no cursor, so that a row that commits late is never passed over.
SELECT o.seq, o.id, o.aggregatetype, o.aggregateid, o.type, o.payload, o.source, o.time, o.subject, o.dataschema,
       o.version, o.traceparent
FROM outbox AS o
WHERE o.refused IS NULL AND NOT EXISTS (
    SELECT FROM outbox AS r
    WHERE r.refused IS NOT NULL AND r.aggregatetype = o.aggregatetype AND r.aggregateid = o.aggregateid AND r.seq < o.seq
)
ORDER BY o.seq
LIMIT :batch;

-- name: delete_sent!
DELETE FROM outbox WHERE seq = ANY(:seqs::bigint[]);

-- name: refuse!
UPDATE outbox SET refused = :reason WHERE seq = :seq;

-- name: refused
SELECT seq, aggregatetype, aggregateid, type, time, refused FROM outbox WHERE refused IS NOT NULL ORDER BY seq;

-- name: retry_refused!
UPDATE outbox SET refused = NULL WHERE seq = :seq AND refused IS NOT NULL;

-- name: retry_all_refused!
UPDATE outbox SET refused = NULL WHERE refused IS NOT NULL;

-- name: refuse_topic!
UPDATE outbox SET refused = :reason WHERE refused IS NULL AND aggregatetype = :topic AND seq = ANY(:seqs::bigint[]);

-- name: discard_refused!
DELETE FROM outbox WHERE seq = :seq AND refused IS NOT NULL;

-- name: outbox_state^
SELECT count(*) AS backlog, count(*) FILTER (WHERE refused IS NOT NULL) AS refused,
       coalesce(extract(epoch FROM now() - min(time)), 0)::float8 AS oldest_seconds
FROM outbox;

-- name: take_lease$
-- One statement decides: the lease is ours when it was free, run out, or ours already.
INSERT INTO relay_lease AS l (name, holder, held_until)
VALUES (:name, :holder, now() + :seconds * interval '1 second')
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE l.holder = excluded.holder OR l.held_until < now()
RETURNING true;

-- name: release_lease!
DELETE FROM relay_lease WHERE name = :name AND holder = :holder;

-- name: first_seen
-- Those of the events that are new to the group; the rows commit with the effects.
INSERT INTO inbox (consumer_group, event, handled_at)
SELECT :group, e, :now FROM (SELECT DISTINCT e FROM unnest(:events::text[]) AS e ORDER BY e) AS sorted (e)
ON CONFLICT DO NOTHING RETURNING event;

-- name: forget_inbox!
DELETE FROM inbox WHERE handled_at < :before;

-- name: parked_heads
-- Where the queue of each of these keys begins, if the key has one.
SELECT topic, key, min("offset") AS first FROM parked
WHERE consumer_group = :group AND blocking AND (topic, key) IN (SELECT * FROM unnest(:topics::text[], :keys::text[]))
GROUP BY topic, key;

-- name: lock_keys!
-- Until the transaction ends; in one order, so that two takers never wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended(:group || ' ' || k.topic || ' ' || k.key, 0))
FROM (SELECT * FROM unnest(:topics::text[], :keys::text[]) AS u (topic, key) ORDER BY topic, key) AS k;

-- name: park_head!
-- A failed record at the head of its key's queue; a redelivered one keeps its place.
INSERT INTO parked
    (consumer_group, topic, partition, "offset", key, blocking, state, headers, value, recorded_at, attempts, code, next_attempt_at)
VALUES (:group, :topic, :partition, :offset, :key, :blocking, :state, :headers, :value, :recorded_at, :attempts, :code, :next_attempt_at)
ON CONFLICT (consumer_group, topic, partition, "offset") DO UPDATE
SET state = excluded.state, attempts = excluded.attempts, code = excluded.code, next_attempt_at = excluded.next_attempt_at;

-- name: park_behind!
INSERT INTO parked (consumer_group, topic, partition, "offset", key, blocking, state, headers, value, recorded_at, attempts)
SELECT :group, u.topic, u.partition, u.offset_, u.key, true, 'waiting', u.headers, u.value, u.recorded_at, 0
FROM unnest(:topics::text[], :partitions::int[], :offsets::bigint[], :keys::text[], :headers::bytea[], :values::bytea[],
            :times::timestamptz[]) AS u (topic, partition, offset_, key, headers, value, recorded_at)
ON CONFLICT DO NOTHING;

-- name: due^
-- The head of one key whose time has come; locked so that two replicas never work on one key. A waiting row with
-- nothing before it is a head too.
SELECT p.* FROM parked AS p
WHERE p.consumer_group = :group AND (p.state = 'waiting' OR p.state = 'retry' AND p.next_attempt_at <= :now)
  AND NOT (p.blocking AND EXISTS (
      SELECT FROM parked AS e
      WHERE e.consumer_group = p.consumer_group AND e.topic = p.topic AND e.key = p.key AND e.blocking AND e."offset" < p."offset"))
ORDER BY p.next_attempt_at NULLS FIRST
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: unpark!
DELETE FROM parked
WHERE consumer_group = :group AND topic = :topic AND partition = :partition AND "offset" = :offset;

-- name: release_next!
-- The record behind the one just done becomes due.
UPDATE parked SET state = 'retry', next_attempt_at = :now
WHERE consumer_group = :group AND topic = :topic AND key = :key AND state = 'waiting' AND "offset" = (
    SELECT min("offset") FROM parked WHERE consumer_group = :group AND topic = :topic AND key = :key AND blocking
);

-- name: parked_dead
SELECT * FROM parked WHERE consumer_group = :group AND topic = :topic AND state = 'dead' ORDER BY partition, "offset";

-- name: parked_count$
SELECT count(*) FROM parked WHERE consumer_group = :group;

-- name: record_outcome!
INSERT INTO dead_letter_outcome (topic, partition, "offset", outcome, at)
VALUES (:topic, :partition, :offset, :outcome, :now)
ON CONFLICT (topic, partition, "offset") DO UPDATE SET outcome = excluded.outcome, at = excluded.at;

-- name: outcomes
SELECT partition, "offset", outcome FROM dead_letter_outcome WHERE topic = :topic;
