-- name: add_referral!
INSERT INTO referral (id, case_id, referral_type, municipality, receiver, state, version, client_ref, likenesses,
                      created_at, created_on, acknowledge_by)
VALUES (:id, :case_id, :referral_type, :municipality, :receiver, :state, :version, :client_ref, :likenesses,
        :created_at, :created_on, :acknowledge_by);

-- name: add_content!
INSERT INTO referral_content (referral_id, ciphertext) VALUES (:referral_id, :ciphertext);

-- name: add_key!
INSERT INTO referral_key (referral_id, wrapped) VALUES (:referral_id, :wrapped);

-- name: add_consent!
INSERT INTO consent (referral_id, text_version, given_at, form, feedback, safe_channels)
VALUES (:referral_id, :text_version, :given_at, :form, :feedback, :safe_channels);

-- name: get_referral^
-- Shared lock: what is read next (facts, notifications) belongs to this version.
SELECT * FROM referral WHERE id = :id FOR SHARE;

-- name: lock_referral^
SELECT * FROM referral WHERE id = :id FOR UPDATE;

-- name: save_state!
UPDATE referral SET state = :state, version = :version WHERE id = :id;

-- name: open_of
SELECT id FROM referral WHERE municipality = :municipality AND NOT state = ANY(:closed::text[]) ORDER BY created_at, id;

-- name: reroute!
UPDATE referral SET municipality = :municipality, receiver = :receiver, acknowledge_by = :acknowledge_by WHERE id = :id;

-- name: replace_content!
UPDATE referral_content SET ciphertext = :ciphertext WHERE referral_id = :referral_id;

-- name: replace_key!
UPDATE referral_key SET wrapped = :wrapped WHERE referral_id = :referral_id;

-- name: lock_likenesses!
-- Two requests for one client at once: the second waits, and then sees the first one's referral.
SELECT pg_advisory_xact_lock(hashtextextended(l, 0)) FROM unnest(:likenesses::text[]) AS l;

-- name: open_referral_like$
-- Open as far as the referrer may know: without feedback an end that is hidden leaves it open.
SELECT r.id FROM referral AS r JOIN consent AS c ON c.referral_id = r.id
WHERE r.likenesses && :likenesses::text[] AND r.referral_type = :referral_type AND r.created_on = :on
  AND NOT r.state = ANY(CASE WHEN c.feedback THEN :closed::text[] ELSE :shown_closed::text[] END)
ORDER BY r.created_at LIMIT 1;

-- name: encrypted^
SELECT c.ciphertext, k.wrapped FROM referral_content AS c JOIN referral_key AS k USING (referral_id)
WHERE c.referral_id = :referral_id;

-- name: feedback$
SELECT feedback FROM consent WHERE referral_id = :referral_id;

-- name: destroy_key!
DELETE FROM referral_key WHERE referral_id = :referral_id;

-- name: destroy_content!
DELETE FROM referral_content WHERE referral_id = :referral_id;

-- name: forget_likenesses!
UPDATE referral SET likenesses = '{}' WHERE id = :referral_id;

-- name: end_consent!
UPDATE consent SET withdrawn_at = :at WHERE referral_id = :referral_id;

-- name: add_fact!
INSERT INTO referral_fact (referral_id, party, act, at, recorded_at, reply_id, outcome, applied)
VALUES (:referral_id, :party, :act, :at, :now, :reply_id, :outcome, :applied);

-- name: facts
SELECT party, act, at, reply_id, outcome, applied FROM referral_fact WHERE referral_id = :referral_id ORDER BY id;

-- name: add_sent!
INSERT INTO referral_event (referral_id, event_id, receiver, attempt, sent_at)
VALUES (:referral_id, :event_id, :receiver, :attempt, :sent_at);

-- name: sent_events
SELECT event_id, receiver, attempt, sent_at FROM referral_event WHERE referral_id = :referral_id ORDER BY attempt;

-- name: add_refusal$
INSERT INTO reply_refusal (receiver, reply_id, referral_id, code, refused_at)
VALUES (:receiver, :reply_id, :referral_id, :code, :at)
ON CONFLICT DO NOTHING RETURNING true;

-- name: add_notification$
INSERT INTO notification (id, referral_id, matter, recipient_ref, channel, state, at)
VALUES (:id, :referral_id, :matter, :recipient_ref, :channel, :state, :at)
ON CONFLICT (referral_id, matter) DO NOTHING RETURNING true;

-- name: update_notification$
WITH told AS (
    UPDATE notification SET state = :state, at = :at, status_version = :version
    WHERE id = :id AND status_version < :version
    RETURNING referral_id
)
UPDATE referral SET version = version + 1 FROM told WHERE referral.id = told.referral_id RETURNING true;

-- name: notifications
SELECT matter, channel, state, at FROM notification WHERE referral_id = :referral_id ORDER BY matter;

-- name: recipients
SELECT DISTINCT recipient_ref FROM notification
WHERE referral_id = :referral_id AND channel <> :no_channel ORDER BY recipient_ref;

-- name: log_usage!
INSERT INTO usage_log (at, client_ref, referral_id, actor, action)
VALUES (:at, :client_ref, :referral_id, :actor, :action);

-- name: log_disclosure!
INSERT INTO disclosure_log (at, client_ref, referral_id, actor, receiver, ground, event_id)
VALUES (:at, :client_ref, :referral_id, :actor, :receiver, 'consent', :event_id);

-- name: claim_key^
-- One statement, so that a row found is not forgotten before it is read; without a response it is ours.
INSERT INTO idempotency AS i (key_hash, request_hash, created_at) VALUES (:key_hash, :request_hash, :at)
ON CONFLICT (key_hash) DO UPDATE SET key_hash = i.key_hash RETURNING request_hash, response;

-- name: stored_answer^
SELECT request_hash, response FROM idempotency WHERE key_hash = :key_hash;

-- name: store_answer!
UPDATE idempotency SET response = :response WHERE key_hash = :key_hash;

-- name: forget_answers!
DELETE FROM idempotency WHERE created_at < :before;
