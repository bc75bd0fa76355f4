-- How many buyers a minute the waiting room lets through to reserve; null: there is none.
ALTER TABLE tickets ADD COLUMN buyers_per_minute int CHECK (buyers_per_minute BETWEEN 1 AND 60000);

-- The site reads all of them, again and again.
CREATE INDEX tickets_with_room ON tickets (id) WHERE buyers_per_minute IS NOT NULL AND deleted_at IS NULL;

CREATE OR REPLACE FUNCTION ticket_event(listing tickets) RETURNS jsonb LANGUAGE sql STABLE RETURN
    jsonb_build_object('listing', jsonb_build_object(
        'id', listing.id,
        'sellerId', listing.seller_id,
        'title', listing.title,
        'price', listing.price,
        'currency', listing.currency,
        'quantity', listing.quantity,
        'venue', listing.venue,
        'startsAt', listing.starts_at,
        'description', listing.description,
        'createdAt', listing.created_at,
        'version', listing.version,
        'buyersPerMinute', listing.buyers_per_minute));
