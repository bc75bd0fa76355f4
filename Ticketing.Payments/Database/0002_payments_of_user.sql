-- A user's own payments, newest first.
CREATE INDEX payments_of_user ON payments (user_id, id DESC);
