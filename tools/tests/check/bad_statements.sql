-- Statements that break a rule, each with what is wrong with it. POINT fixes the
-- whole primary key of events, OWNER its first two columns.

SELECT note FROM events WHERE contact_id = ? LIMIT 1 -- without tenant_id
SELECT note FROM events WHERE (tenant_id = ? OR kind = ?) AND contact_id = ? LIMIT 1 -- without tenant_id
SELECT note FROM events WHERE tenant_id = kind + 1 AND contact_id = ? LIMIT 1 -- without tenant_id
SELECT note FROM events WHERE tenant_id = ? AND kind = ? LIMIT 1 -- without contact_id
SELECT note FROM events WHERE tenant_id = ? AND contact_id > ? ORDER BY contact_id LIMIT 1 -- without contact_id
SELECT note FROM events WHERE tenant_id = ? AND contact_id NOT IN (?, ?) LIMIT 1 -- without contact_id
SELECT contact_id FROM words WHERE OWNER LIMIT 1 -- without word
UPDATE events SET kind = ? WHERE tenant_id = ? AND at_micros = ? LIMIT 1 -- UPDATE on events without contact_id
DELETE FROM events WHERE tenant_id = ? LIMIT 1 -- DELETE on events without contact_id
SELECT * FROM events WHERE POINT -- SELECT *
SELECT events.* FROM events WHERE POINT -- SELECT *
SELECT note FROM events WHERE OWNER LIMIT ? OFFSET ? -- OFFSET
SELECT note FROM events WHERE OWNER LIMIT ?, ? -- OFFSET
SELECT COUNT(*) FROM events WHERE OWNER LIMIT 1 -- an aggregate
SELECT MAX(at_micros) FROM events WHERE OWNER LIMIT 1 -- an aggregate
SELECT kind FROM events WHERE OWNER GROUP BY kind LIMIT 1 -- an aggregate
SELECT DISTINCT kind FROM events WHERE OWNER LIMIT 1 -- an aggregate
SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE POINT) AS few -- derived
SELECT e.note FROM events e JOIN words w ON w.contact_id = e.contact_id -- a join
SELECT note FROM events, words -- a join
SELECT note FROM events WHERE OWNER AND kind IN (SELECT 1 FROM words) LIMIT 1 -- sub-select
SELECT note FROM events WHERE POINT AND EXISTS (SELECT 1 FROM words) -- sub-select
SELECT (SELECT 1 FROM words) FROM events WHERE POINT -- sub-select
WITH a AS (SELECT 1) SELECT note FROM a -- WITH
SELECT note FROM events WHERE POINT UNION SELECT note FROM events WHERE POINT -- compares all
UPDATE events JOIN words ON word = note SET kind = 1 -- a join
DELETE events FROM events JOIN words ON word = note -- several tables
DELETE FROM events WHERE POINT RETURNING note -- RETURNING
REPLACE INTO outbox (id, body) VALUES (?, ?) -- REPLACE
INSERT IGNORE INTO outbox (id, body) VALUES (?, ?) -- IGNORE
INSERT INTO outbox VALUES (?, ?) -- without its columns
INSERT INTO outbox (id, body) SELECT word, word FROM words LIMIT 1 -- not from VALUES
SELECT GET_LOCK('a', 1) -- GET_LOCK
UPDATE events SET kind = NOW() WHERE POINT -- NOW
UPDATE events SET contact_id = ? WHERE POINT -- by which rows are spread
SELECT note FROM events WHERE OWNER -- without LIMIT
DELETE FROM events WHERE OWNER -- without LIMIT
SELECT body FROM outbox WHERE id = ? -- is a log
SELECT note FROM strangers WHERE OWNER LIMIT 1 -- makes strangers
SAVEPOINT a -- Savepoint
ROLLBACK TO SAVEPOINT a -- Rollback
CREATE TEMPORARY TABLE a (b INT) -- outside of common/mysql
BEGIN -- outside of common/mysql
SELECT note FROM -- cannot be parsed
UPDATE events, words SET kind = 1 -- cannot be parsed
SELECT note FROM events WHERE POINT; SELECT 1 -- 2 statements
