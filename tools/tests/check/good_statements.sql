-- Statements that keep all rules. POINT fixes the whole primary key of events,
-- OWNER its first two columns.

SELECT note FROM events WHERE POINT
SELECT note FROM events WHERE POINT FOR UPDATE
SELECT note FROM events e WHERE OWNER LIMIT ?
SELECT note FROM events WHERE OWNER ORDER BY at_micros DESC, event_id DESC LIMIT ?
SELECT note FROM events WHERE OWNER AND kind = ? ORDER BY at_micros LIMIT 1
SELECT note FROM events FORCE INDEX (by_kind) WHERE OWNER AND kind = ? ORDER BY at_micros DESC LIMIT 1
SELECT note FROM events WHERE OWNER AND at_micros <= ? AND (at_micros < ? OR event_id < ?) ORDER BY at_micros DESC, event_id DESC LIMIT ?
SELECT note FROM events WHERE tenant_id = ? AND contact_id IN (:list) LIMIT ?
SELECT note FROM events WHERE (tenant_id, contact_id) IN ((?, ?), (?, ?)) LIMIT ?
SELECT mark FROM marks WHERE tenant_id = ? AND contact_id IN (:list) ORDER BY contact_id, mark
SELECT contact_id FROM words WHERE tenant_id = ? AND word = ? AND contact_id > ? ORDER BY contact_id LIMIT ?
(SELECT note FROM events WHERE OWNER ORDER BY at_micros LIMIT 5) UNION ALL (SELECT note FROM events WHERE OWNER ORDER BY at_micros LIMIT 5) ORDER BY 1 LIMIT 5
SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE OWNER LIMIT 1000) AS few
INSERT INTO events (tenant_id, contact_id, at_micros, event_id, kind) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)
UPDATE events SET kind = ?, note = ? WHERE POINT
UPDATE events SET at_micros = ? WHERE POINT
DELETE FROM events WHERE OWNER LIMIT 100
INSERT INTO outbox (id, body) VALUES (?, ?)
SELECT name FROM leases ORDER BY name DESC
