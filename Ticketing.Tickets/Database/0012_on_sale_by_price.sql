-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_on_sale_by_price ON tickets (price, id) WHERE offered AND NOT sales_ended;
