-- What visitors report about entries. The text goes after its time, the coded reason stays. Nothing tells who reported.
CREATE TABLE error_report (
    report_id uuid PRIMARY KEY,
    entry_id uuid NOT NULL,
    -- The entry's listings when it was reported: the finding stays with them, whatever entry they come to be in.
    listing_ids text[] NOT NULL,
    reason text NOT NULL,
    text text CHECK (length(text) <= 500),
    received_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX error_report_text ON error_report (received_at) WHERE text IS NOT NULL;
CREATE INDEX error_report_open ON error_report USING gin (listing_ids) WHERE closed_at IS NULL;
CREATE INDEX error_report_received_at ON error_report (received_at);
