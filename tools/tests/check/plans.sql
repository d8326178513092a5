-- Statements, each with what is told of its plan. OWNER fixes tenant and contact.

SELECT kind FROM events WHERE OWNER AND at_micros = ? -- fine
SELECT kind FROM events WHERE OWNER ORDER BY at_micros DESC LIMIT ? -- fine
SELECT kind FROM events WHERE OWNER AND at_micros <= ? ORDER BY at_micros DESC LIMIT ? -- fine
SELECT kind FROM events WHERE tenant_id = ? AND contact_id IN (:list) -- fine
SELECT contact_id FROM events WHERE tenant_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ? -- fine
UPDATE events SET kind = ? WHERE OWNER AND at_micros = ? -- fine
DELETE FROM events WHERE OWNER LIMIT 100 -- fine
INSERT INTO events (tenant_id, contact_id, at_micros, event_id, kind) VALUES (?, ?, ?, ?, ?) -- fine
SELECT id FROM outbox ORDER BY id LIMIT 100 -- fine
(SELECT kind FROM events WHERE OWNER LIMIT 5) UNION ALL (SELECT kind FROM events WHERE OWNER LIMIT 5) -- fine
SELECT note FROM events WHERE kind = ? LIMIT 1 -- reads all of events
UPDATE events SET kind = 1 WHERE note = ? -- reads all of events
DELETE FROM events WHERE kind = ? -- reads all of events
SELECT id FROM outbox WHERE id + 1 = ? -- reads all of outbox
SELECT kind FROM events WHERE OWNER ORDER BY kind LIMIT ? -- sorts what it reads of events
SELECT kind FROM events WHERE OWNER ORDER BY at_micros + 1 LIMIT ? -- sorts what it reads of events
SELECT kind FROM events WHERE OWNER ORDER BY kind DESC, at_micros LIMIT ? -- sorts what it reads of events
SELECT kind FROM events WHERE tenant_id = ? AND contact_id IN (:list) ORDER BY at_micros LIMIT ? -- sorts
SELECT kind FROM events FORCE INDEX (by_name) WHERE OWNER LIMIT 1 -- doesn't exist in table
SELECT title FROM events -- Unknown column
SELECT kind FROM event -- doesn't exist
INSERT INTO events (title) VALUES (?) -- Unknown column
SELECT kind FROM events WHERE OWNER GROUP BY kind -- to a temporary table
SELECT kind FROM events WHERE OWNER FOR SHARE -- error in your SQL syntax
INSERT INTO outbox (id, body) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE body = new.body -- error in your SQL syntax
