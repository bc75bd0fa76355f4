-- Those sold before the column was there. A migration of its own: the one before locks the whole table until it commits.
UPDATE orders SET completed_at = verdicts.decided_at
FROM verdicts
WHERE verdicts.payment_intent_id = orders.payment_intent_id AND orders.completed_at IS NULL;
