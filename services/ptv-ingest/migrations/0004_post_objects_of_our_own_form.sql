-- What the version before the raw objects needed.
DROP TABLE source_object, changed_object, seen_object, watermark;
