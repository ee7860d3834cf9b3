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

-- name: next_due$
SELECT min(next_attempt_at) FROM notification WHERE next_attempt_at IS NOT NULL;

-- name: update_notification!
UPDATE notification
SET state = :state, code = :code, attempts = :attempts, called_off = :called_off,
    next_attempt_at = :next_attempt_at, settle_at = :settle_at, closed_at = :closed_at
WHERE id = :id;

-- name: contact^
SELECT wrapped_key, sealed FROM contact WHERE notification_id = :id;

-- name: erase_contacts!
DELETE FROM contact WHERE notification_id = ANY(:ids::uuid[]);

-- name: erase_contacts_closed_before!
DELETE FROM contact AS c USING notification AS n WHERE n.id = c.notification_id AND n.closed_at <= :moment;

-- name: begin_attempt!
INSERT INTO attempt (id, notification_id, number, token_digest, began_at)
VALUES (:id, :notification_id, :number, :token_digest, :began_at);

-- name: end_attempt!
UPDATE attempt SET outcome = :outcome, code = :code, ended_at = :now WHERE id = :id AND outcome IS NULL;

-- name: attempt_of^
SELECT id, notification_id, number, token_digest, began_at FROM attempt WHERE token_digest = :token_digest;

-- name: abandoned_attempts
SELECT id, notification_id, number, token_digest, began_at FROM attempt
WHERE outcome IS NULL AND began_at <= :before
ORDER BY notification_id LIMIT :limit;

-- name: insert_receipt!
INSERT INTO receipt (attempt_id, status, reported_at, received_at, effect)
VALUES (:attempt_id, :status, :reported_at, :now, :effect);

-- name: has_receipt$
SELECT EXISTS (
    SELECT FROM receipt WHERE attempt_id = :attempt_id AND status = :status AND reported_at = :reported_at
);
