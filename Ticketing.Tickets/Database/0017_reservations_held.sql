-- outside a transaction
DROP INDEX CONCURRENTLY IF EXISTS reservations_held;
