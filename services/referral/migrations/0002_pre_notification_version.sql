-- The envelope's version of the status that `state` and `at` are from; 0 while only we have spoken. A time would not do:
-- it is the clock of whichever process of notify wrote it.
ALTER TABLE notification ADD COLUMN status_version bigint NOT NULL DEFAULT 0;
