CREATE TABLE concept (key text PRIMARY KEY, version bigint NOT NULL, name text);
CREATE TABLE effect (number bigserial PRIMARY KEY, event text NOT NULL, key text NOT NULL);
