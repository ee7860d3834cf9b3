DROP TABLE link;
DROP TABLE dirty_block;
ALTER TABLE listing DROP COLUMN block;
