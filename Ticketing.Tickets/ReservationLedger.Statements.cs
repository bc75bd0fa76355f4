namespace Ticketing.Tickets;

internal sealed partial class ReservationLedger
{
    private const string Lock = "SELECT FROM tickets WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    // LIMIT 1 where a key finds at most one row: each is then looked up by itself. A plan that was made and kept while the
    // tables were new and small would read them whole, for every batch, until statistics say how they have grown.
    private const string Enter =
        """
        WITH incoming AS (
            SELECT DISTINCT ON (order_id) *
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                AS event (order_id, ticket_id, quantity, state, version, user_id, amount, currency, sold_at, was_sold, forgotten)
            -- It may be known no longer; then it must not be taken for new.
            WHERE NOT forgotten
                OR EXISTS (SELECT FROM reservations WHERE order_id = event.order_id AND version < event.version)
            ORDER BY order_id, version DESC
        ), before AS (
            SELECT present.* FROM incoming CROSS JOIN LATERAL (
                SELECT * FROM reservations WHERE order_id = incoming.order_id LIMIT 1
            ) AS present
        ), after AS (
            INSERT INTO reservations AS present
                (order_id, ticket_id, quantity, state, version, user_id, amount, currency, sold_at, was_sold)
            SELECT order_id, ticket_id, quantity, state, version, user_id, amount, currency, sold_at, was_sold FROM incoming
            ON CONFLICT (order_id) DO UPDATE
                SET quantity = excluded.quantity, state = excluded.state, version = excluded.version,
                    user_id = excluded.user_id, amount = excluded.amount, currency = excluded.currency,
                    sold_at = excluded.sold_at, was_sold = present.was_sold OR excluded.was_sold
                WHERE present.version < excluded.version
            RETURNING *
        ), filled AS (
            UPDATE reservations SET
                user_id = incoming.user_id, amount = incoming.amount, currency = incoming.currency,
                sold_at = incoming.sold_at
            FROM before JOIN incoming USING (order_id)
            WHERE reservations.order_id = before.order_id
                AND before.amount IS NULL AND before.version = incoming.version
            RETURNING reservations.*
        ), difference AS (
            SELECT
                after.ticket_id,
                sum(after.held - coalesce(before.held, 0)) AS held,
                sum(after.sold - coalesce(before.sold, 0)) AS sold
            FROM after LEFT JOIN before USING (order_id)
            GROUP BY after.ticket_id
        ), booked AS (
            INSERT INTO sales (seller_id, day, ticket_id, currency, tickets, amount)
            SELECT
                seller_id, (sold_at AT TIME ZONE 'UTC')::date, ticket_id, entry.currency,
                sum(entry.tickets), sum(entry.amount)
            FROM (
                SELECT ticket_id, sold_at, currency, sold AS tickets, amount FROM after
                UNION ALL
                SELECT ticket_id, sold_at, currency, sold, amount FROM filled
                UNION ALL
                SELECT before.ticket_id, before.sold_at, before.currency, -before.sold, -before.amount
                FROM before JOIN after USING (order_id)
            ) AS entry
            CROSS JOIN LATERAL (SELECT seller_id FROM tickets WHERE id = entry.ticket_id LIMIT 1) AS ticket
            WHERE sold_at IS NOT NULL
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            ON CONFLICT (seller_id, day, ticket_id, currency) DO UPDATE
                SET tickets = sales.tickets + excluded.tickets, amount = sales.amount + excluded.amount
        )
        UPDATE tickets SET held = tickets.held + difference.held, sold = tickets.sold + difference.sold
        FROM difference
        CROSS JOIN LATERAL (SELECT ctid FROM tickets WHERE id = difference.ticket_id LIMIT 1) AS row
        WHERE tickets.ctid = row.ctid
        """;
}
