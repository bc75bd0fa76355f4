-- The trace in which the order was placed: its payment goes on in it, so that a purchase is one trace.
ALTER TABLE orders ADD COLUMN trace_parent text;

-- When an attempt's money was held, for how long it waits to be taken.
ALTER TABLE attempts ADD COLUMN authorized_at timestamptz;
