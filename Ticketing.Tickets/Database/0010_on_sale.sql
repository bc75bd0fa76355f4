-- outside a transaction
-- What a list shows; without what has begun, which only piles up. Those on "offered" alone serve older versions of the service.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_on_sale ON tickets (id) WHERE offered AND NOT sales_ended;
