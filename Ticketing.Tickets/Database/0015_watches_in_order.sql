-- outside a transaction
-- First come, first told.
CREATE INDEX CONCURRENTLY IF NOT EXISTS watches_in_order ON watches (ticket_id, created_at, user_id);
