-- About one order in five is of a user who was not there before, however few users a quiet day has seen. Without this the
-- planner believes what the quiet day showed until the next ANALYZE, and on an on-sale morning looks through the whole table
-- for what one user holds.
ALTER TABLE orders ALTER COLUMN user_id SET (n_distinct = -0.2);
ANALYZE orders;
