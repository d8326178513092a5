-- Migrations after the good ones that break a rule, each with what is wrong with it.

ALTER TABLE things DROP COLUMN name -- DropColumn
ALTER TABLE things RENAME COLUMN name TO title -- RenameColumn
ALTER TABLE things ADD PRIMARY KEY (name) -- AddConstraint
DROP TABLE things -- Drop
TRUNCATE TABLE things -- Truncate
UPDATE things SET create_micros = 0 -- Update
ALTER TABLE things ADD COLUMN n BIGINT NOT NULL -- no DEFAULT
ALTER TABLE things ADD n TEXT NULL -- no collation
ALTER TABLE other ADD COLUMN n BIGINT NULL -- no migration makes
ALTER TABLE things ADD UNIQUE KEY u (name) -- UNIQUE
ALTER TABLE things ADD FULLTEXT KEY u (name) -- FULLTEXT
CREATE VIEW v AS SELECT 1 -- CreateView
CREATE SEQUENCE s -- CreateSequence
CREATE UNIQUE INDEX u ON things (name) -- CreateIndex
CREATE TRIGGER t BEFORE INSERT ON things FOR EACH ROW SET @a = 1 -- parsed
CREATE PROCEDURE p() BEGIN END -- parsed
CREATE TABLE other LIKE things -- LIKE
CREATE TABLE other AS SELECT 1 -- QUERY
CREATE INDEX a ON things (name); CREATE INDEX b ON things (name) -- 2 statements
