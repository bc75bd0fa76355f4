-- A list can also be sorted by start and by price. Both walk an index of what is offered, from the cursor on; one index
-- serves both directions. Listings without a date come after all that have one.
CREATE INDEX tickets_offered_by_start ON tickets ((coalesce(starts_at, 'infinity')), id) WHERE offered;
CREATE INDEX tickets_offered_by_price ON tickets (price, id) WHERE offered;
