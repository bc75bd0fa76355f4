-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS price_changes_by_age ON price_changes (changed_at);
