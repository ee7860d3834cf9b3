-- What an entry counts under: `theme:exercise`, `unfiled:unknown-class`, `unknown-class:P99.9`.
ALTER TABLE entry ADD COLUMN counted_under text[] NOT NULL DEFAULT '{}';

-- How many entries count under each. Kept by the same transactions as the entries, and counted anew at each start.
CREATE TABLE filing_count (
    counted text PRIMARY KEY,
    entries bigint NOT NULL
);
