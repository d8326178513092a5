-- Migrations after the good ones that break a rule, each with what is wrong with it.

ALTER TABLE events DROP COLUMN note -- DropColumn
ALTER TABLE events RENAME COLUMN note TO title -- RenameColumn
ALTER TABLE events ADD PRIMARY KEY (note) -- AddConstraint
DROP TABLE events -- Drop
TRUNCATE TABLE events -- Truncate
UPDATE events SET at_micros = 0 -- Update
ALTER TABLE events ADD COLUMN n BIGINT NOT NULL -- no DEFAULT
ALTER TABLE events ADD n TEXT NULL -- no collation
ALTER TABLE other ADD COLUMN n BIGINT NULL -- no migration makes
ALTER TABLE events ADD UNIQUE KEY u (note) -- UNIQUE
ALTER TABLE events ADD FULLTEXT KEY u (note) -- FULLTEXT
CREATE VIEW v AS SELECT 1 -- CreateView
CREATE SEQUENCE s -- CreateSequence
CREATE UNIQUE INDEX u ON events (note) -- CreateIndex
CREATE TRIGGER t BEFORE INSERT ON events FOR EACH ROW SET @a = 1 -- parsed
CREATE PROCEDURE p() BEGIN END -- parsed
CREATE TABLE other LIKE events -- LIKE
CREATE TABLE other AS SELECT 1 -- QUERY
CREATE INDEX a ON events (note); CREATE INDEX b ON events (note) -- 2 statements
