-- outside a transaction
-- What somebody holds of a listing. It does the work of reservations_held too, which goes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS reservations_held_by ON reservations (ticket_id, user_id) WHERE state = 'held';
