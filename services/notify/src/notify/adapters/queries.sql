-- name: why_not$
SELECT coalesce(
    (SELECT reason FROM called_off WHERE notification_id = :id),
    (SELECT reason FROM recipient_stop WHERE recipient_ref = :recipient_ref)
);

-- name: insert_notification!
INSERT INTO notification
    (id, recipient_ref, channel, template, template_version, language, urgent, not_before, expires_at, state, code,
     attempts, called_off, next_attempt_at, settle_at, closed_at)
VALUES (:id, :recipient_ref, :channel, :template, :template_version, :language, :urgent, :not_before, :expires_at, :state,
     :code, :attempts, :called_off, :next_attempt_at, :settle_at, :closed_at)
ON CONFLICT DO NOTHING;

-- name: insert_contact!
INSERT INTO contact (notification_id, wrapped_key, sealed) VALUES (:id, :wrapped_key, :sealed);

-- name: notify_due!
SELECT pg_notify('due', '');

-- name: remember_called_off!
INSERT INTO called_off (notification_id, reason, at) VALUES (:id, :reason, :at) ON CONFLICT DO NOTHING;

-- name: remember_stop!
INSERT INTO recipient_stop (recipient_ref, reason, at) VALUES (:recipient_ref, :reason, :at) ON CONFLICT DO NOTHING;

-- name: lock^
SELECT * FROM notification WHERE id = :id FOR UPDATE;

-- name: lock_recipient
SELECT * FROM notification WHERE recipient_ref = :recipient_ref ORDER BY id FOR UPDATE;

-- name: lock_due
SELECT * FROM notification WHERE next_attempt_at <= :now
ORDER BY next_attempt_at LIMIT :limit
FOR UPDATE SKIP LOCKED;

-- name: lock_unsettled
SELECT * FROM notification WHERE settle_at <= :now
ORDER BY settle_at LIMIT :limit
FOR UPDATE SKIP LOCKED;

-- name: lock_abandoned
SELECT * FROM notification
WHERE id IN (
    SELECT notification_id FROM attempt WHERE outcome IS NULL AND began_at <= :began_before
    ORDER BY began_at LIMIT :limit
)
FOR UPDATE SKIP LOCKED;

-- name: next_due$
SELECT min(next_attempt_at) FROM notification WHERE next_attempt_at IS NOT NULL;

-- name: update_notifications!
UPDATE notification AS n
SET state = c.state, code = c.code, attempts = c.attempts, called_off = c.called_off,
    next_attempt_at = c.next_attempt_at, settle_at = c.settle_at, closed_at = c.closed_at
FROM unnest(
    :ids::uuid[], :states::text[], :codes::text[], :attempts::integer[], :called_off::text[],
    :next_attempt_at::timestamptz[], :settle_at::timestamptz[], :closed_at::timestamptz[]
) AS c (id, state, code, attempts, called_off, next_attempt_at, settle_at, closed_at)
WHERE n.id = c.id;

-- name: contacts
SELECT notification_id, wrapped_key, sealed FROM contact WHERE notification_id = ANY(:ids::uuid[]);

-- name: erase_contacts!
DELETE FROM contact WHERE notification_id = ANY(:ids::uuid[]);

-- name: erase_contacts_closed_before!
DELETE FROM contact AS c USING notification AS n WHERE n.id = c.notification_id AND n.closed_at <= :moment;

-- name: begin_attempts!
INSERT INTO attempt (id, notification_id, number, token_digest, began_at)
SELECT * FROM unnest(
    :ids::uuid[], :notification_ids::uuid[], :numbers::integer[], :token_digests::bytea[], :began_at::timestamptz[]
);

-- name: end_attempt!
UPDATE attempt SET outcome = :outcome, code = :code, ended_at = :now WHERE id = :id AND outcome IS NULL;

-- name: attempt_of^
SELECT id, notification_id, number, token_digest, began_at FROM attempt WHERE token_digest = :token_digest;

-- name: end_abandoned
UPDATE attempt SET outcome = :outcome, code = :code, ended_at = :now
WHERE notification_id = ANY(:ids::uuid[]) AND outcome IS NULL AND began_at <= :began_before
RETURNING notification_id;

-- name: insert_receipt!
INSERT INTO receipt (attempt_id, status, reported_at, received_at, effect)
VALUES (:attempt_id, :status, :reported_at, :now, :effect);

-- name: has_receipt$
SELECT EXISTS (
    SELECT FROM receipt WHERE attempt_id = :attempt_id AND status = :status AND reported_at = :reported_at
);
