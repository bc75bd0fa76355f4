-- Sales end when the event starts, and each buyer may have only so many tickets of a listing. Null until Tickets tells the
-- listing with these fields; an older version of Tickets leaves them out.
ALTER TABLE listings
    ADD COLUMN starts_at     timestamptz,
    ADD COLUMN max_per_buyer int;

-- When the hold ended unpaid: cancelled by its buyer, or expired. Null for every other order, and for those that an older
-- version of Orders ended.
ALTER TABLE orders ADD COLUMN unpaid_at timestamptz;
