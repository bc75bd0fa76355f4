-- outside a transaction
-- What the job that ends sales looks at, every few seconds.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_sales_to_end ON tickets (starts_at) WHERE NOT sales_ended AND starts_at IS NOT NULL;
