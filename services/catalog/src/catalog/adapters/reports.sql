-- name: add_report!
INSERT INTO error_report (report_id, entry_id, listing_ids, reason, text, received_at)
VALUES (:report_id::uuid, :entry_id::uuid, :listing_ids::text[], :reason, :text, :received_at::timestamptz);

-- name: close_report$
UPDATE error_report SET closed_at = :now::timestamptz
WHERE report_id = :report_id::uuid AND closed_at IS NULL RETURNING listing_ids;

-- name: newest_reports
SELECT report_id, entry_id, listing_ids, reason, text, received_at, closed_at FROM error_report
WHERE closed_at IS NULL OR NOT :only_open::bool ORDER BY received_at DESC, report_id LIMIT :most::int;

-- name: delete_texts!
UPDATE error_report SET text = NULL WHERE text IS NOT NULL AND received_at < :received_before::timestamptz;

-- name: reported_listings
SELECT DISTINCT u.listing_id FROM error_report AS r, unnest(r.listing_ids) AS u (listing_id)
WHERE r.closed_at IS NULL AND r.listing_ids && :ids::text[];
