-- What a user holds at the moment, looked at by every order that is placed.
CREATE INDEX orders_held_of_user ON orders (user_id) INCLUDE (quantity, expires_at)
    WHERE status IN ('created', 'awaiting:payment');
