-- When the order was sold: what the seller's books count by. Its event tells it.
ALTER TABLE orders ADD COLUMN completed_at timestamptz;

CREATE OR REPLACE FUNCTION order_event(o orders) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('order', jsonb_build_object(
        'id', o.id, 'userId', o.user_id, 'ticketId', o.ticket_id, 'quantity', o.quantity,
        'amount', o.amount, 'currency', o.currency, 'status', o.status, 'reason', o.reason,
        'expiresAt', o.expires_at, 'createdAt', o.created_at,
        'ticketTitle', o.ticket_title, 'ticketPrice', o.ticket_price, 'ticketVersion', o.ticket_version,
        'paymentId', o.payment_id, 'paymentIntentId', o.payment_intent_id, 'completedAt', o.completed_at,
        'version', o.version))
$$;
