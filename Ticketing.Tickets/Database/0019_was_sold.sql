-- Whether the order was ever paid, also if the sale was undone: what was sold once is never forgotten.
ALTER TABLE reservations ADD COLUMN was_sold boolean NOT NULL DEFAULT false;
