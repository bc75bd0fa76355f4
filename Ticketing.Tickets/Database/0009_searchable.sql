-- outside a transaction
-- The trigger writes the text that a search goes by. A batch after the other, so that sales go on meanwhile; locked by id, as
-- everywhere.
DO $$
DECLARE
    last uuid := '00000000-0000-0000-0000-000000000000';
    batch uuid[];
BEGIN
    LOOP
        batch := ARRAY(SELECT id FROM tickets WHERE id > last ORDER BY id LIMIT 500);
        EXIT WHEN cardinality(batch) = 0;
        PERFORM FROM tickets WHERE id = ANY(batch) AND searchable IS NULL ORDER BY id FOR NO KEY UPDATE;
        UPDATE tickets SET title = title WHERE id = ANY(batch) AND searchable IS NULL;
        last := batch[cardinality(batch)];
        COMMIT;
    END LOOP;
END
$$;
