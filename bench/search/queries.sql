-- name: create_tables#
CREATE TABLE document (
    key text PRIMARY KEY,
    words tsvector NOT NULL
);
CREATE INDEX document_words ON document USING gin (words);

-- name: fill!
-- Name before labels before running text, as the tray weighs them.
INSERT INTO document (key, words)
SELECT
    given.key,
    setweight(to_tsvector('finnish', given.name), 'A')
    || setweight(to_tsvector('finnish', given.label), 'B')
    || setweight(to_tsvector('finnish', given.body), 'C')
FROM unnest(:keys::text[], :names::text[], :labels::text[], :bodies::text[]) AS given (key, name, label, body);

-- name: settle#
VACUUM ANALYZE document;

-- name: with_all_words
SELECT key
FROM document, plainto_tsquery('finnish', :question) AS query
WHERE words @@ query
ORDER BY ts_rank_cd(words, query) DESC, key
LIMIT :most;

-- name: with_any_word
SELECT key
FROM
    document,
    (SELECT replace(plainto_tsquery('finnish', :question)::text, '&', '|')::tsquery) AS asked (query)
WHERE words @@ query
ORDER BY ts_rank_cd(words, query) DESC, key
LIMIT :most;

-- name: with_beginning
SELECT key
FROM document, to_tsquery('finnish', :beginning || ':*') AS query
WHERE words @@ query
ORDER BY ts_rank_cd(words, query) DESC, key
LIMIT :most;

-- name: index_bytes$
SELECT pg_total_relation_size('document');
