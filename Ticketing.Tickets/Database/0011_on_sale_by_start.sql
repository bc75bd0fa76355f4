-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_on_sale_by_start ON tickets ((coalesce(starts_at, 'infinity')), id)
    WHERE offered AND NOT sales_ended;
