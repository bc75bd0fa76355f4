-- Events that are committed but not yet confirmed by the broker. Rows live for milliseconds, so the table is vacuumed
-- by count, not by its (tiny) size.
CREATE TABLE outbox (
    seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              uuid NOT NULL DEFAULT gen_random_uuid(),
    type            text NOT NULL,
    body            jsonb NOT NULL,
    trace_parent    text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    attempts        int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
