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
SELECT * FROM referral WHERE id = :id;

-- name: lock_referral^
SELECT * FROM referral WHERE id = :id FOR UPDATE;

-- name: save_state!
UPDATE referral SET state = :state, version = :version WHERE id = :id;

-- name: lock_likenesses!
-- Two requests for one client at once: the second waits, and then sees the first one's referral.
SELECT pg_advisory_xact_lock(hashtextextended(l, 0)) FROM unnest(:likenesses::text[]) AS l;

-- name: open_referral_like^
SELECT * FROM referral
WHERE likenesses && :likenesses::text[] AND referral_type = :referral_type AND created_on = :on
  AND NOT state = ANY(:closed::text[])
ORDER BY created_at LIMIT 1;

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

-- name: appended_event$
SELECT id FROM outbox WHERE aggregatetype = :topic AND aggregateid = :key AND version = :version;

-- name: add_refusal$
INSERT INTO reply_refusal (receiver, reply_id, referral_id, code, refused_at)
VALUES (:receiver, :reply_id, :referral_id, :code, :at)
ON CONFLICT DO NOTHING RETURNING true;

-- name: add_notification$
INSERT INTO notification (id, referral_id, matter, recipient_ref, channel, state, at)
VALUES (:id, :referral_id, :matter, :recipient_ref, :channel, :state, :at)
ON CONFLICT (referral_id, matter) DO NOTHING RETURNING true;

-- name: update_notification$
-- Whatever notify says is newer than our request, whichever clock is ahead.
WITH told AS (
    UPDATE notification SET state = :state, at = :at 
    WHERE id = :id AND (state = 'requested' OR at <= :at)
    RETURNING referral_id
)
UPDATE referral SET version = version + 1 FROM told WHERE referral.id = told.referral_id RETURNING true;

-- name: notifications
SELECT matter, channel, state, at FROM notification WHERE referral_id = :referral_id ORDER BY matter;

-- name: recipients
SELECT DISTINCT recipient_ref FROM notification WHERE referral_id = :referral_id ORDER BY recipient_ref;

-- name: log_usage!
INSERT INTO usage_log (at, client_ref, referral_id, actor, action)
VALUES (:at, :client_ref, :referral_id, :actor, :action);

-- name: log_disclosure!
INSERT INTO disclosure_log (at, client_ref, referral_id, actor, receiver, ground, event_id)
VALUES (:at, :client_ref, :referral_id, :actor, :receiver, 'consent', :event_id);

-- name: claim_key$
INSERT INTO idempotency (key_hash, request_hash, created_at) VALUES (:key_hash, :request_hash, :at)
ON CONFLICT DO NOTHING RETURNING true;

-- name: stored_answer^
SELECT request_hash, response FROM idempotency WHERE key_hash = :key_hash;

-- name: store_answer!
UPDATE idempotency SET response = :response WHERE key_hash = :key_hash;
