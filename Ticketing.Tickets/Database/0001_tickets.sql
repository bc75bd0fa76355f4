-- Full-text search by trigrams: any part of a word is found, in any language. A trusted extension: the database's
-- owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE tickets (
    id          uuid PRIMARY KEY,
    seller_id   uuid NOT NULL,
    title       text NOT NULL,
    price       bigint NOT NULL CHECK (price > 0), -- minor units
    currency    text NOT NULL,
    quantity    int NOT NULL CHECK (quantity > 0),
    venue       text,
    starts_at   timestamptz,
    description text,
    created_at  timestamptz NOT NULL,
    deleted_at  timestamptz, -- a tombstone keeps its version, so that a late event does not bring the listing back
    version     int NOT NULL DEFAULT 0,

    -- The totals of reservations, changed only together with their rows. They may exceed the quantity for a moment:
    -- a seller can lower it while an order is on its way here. Then Orders corrects the quantity.
    held        int NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold        int NOT NULL DEFAULT 0 CHECK (sold >= 0),

    -- Indexes look at this and not at the totals: an order that does not exhaust a listing then touches no index
    -- (a heap-only update).
    offered     boolean NOT NULL GENERATED ALWAYS AS (deleted_at IS NULL AND held + sold < quantity) STORED,
    -- Lower case by ICU, since the database's own collation may know no letters but ASCII's.
    search      text COLLATE "C" NOT NULL
                GENERATED ALWAYS AS (lower((title || E'\n' || coalesce(venue, '')) COLLATE "und-x-icu")) STORED
) WITH (fillfactor = 80);

CREATE INDEX tickets_offered ON tickets (id) WHERE offered;
-- Without the pending list, which every search would have to read through.
CREATE INDEX tickets_search ON tickets USING gin (search gin_trgm_ops) WITH (fastupdate = off) WHERE offered;
CREATE INDEX tickets_seller ON tickets (seller_id, id);

-- What each order holds or bought. There is no foreign key: an order is real even if its listing is not known here,
-- for example after this database was restored from a backup.
CREATE TABLE reservations (
    order_id  uuid PRIMARY KEY,
    ticket_id uuid NOT NULL,
    quantity  int NOT NULL CHECK (quantity > 0),
    state     text NOT NULL CHECK (state IN ('held', 'sold', 'freed')),
    version   int NOT NULL, -- the order's
    held      int NOT NULL GENERATED ALWAYS AS (CASE state WHEN 'held' THEN quantity ELSE 0 END) STORED,
    sold      int NOT NULL GENERATED ALWAYS AS (CASE state WHEN 'sold' THEN quantity ELSE 0 END) STORED
);

CREATE INDEX reservations_held ON reservations (ticket_id) WHERE state = 'held';

-- The body of TicketCreated, TicketUpdated and TicketDeleted.
CREATE FUNCTION ticket_event(listing tickets) RETURNS jsonb LANGUAGE sql STABLE RETURN
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
        'version', listing.version));
