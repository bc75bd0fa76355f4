-- outside a transaction
-- Without the pending list, which every search would have to read through.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_on_sale_search ON tickets USING gin (searchable gin_trgm_ops) WITH (fastupdate = off)
    WHERE offered AND NOT sales_ended;
