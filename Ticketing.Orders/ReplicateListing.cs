using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;

namespace Ticketing.Orders;

/// <summary>
/// Keeps the replica of the listings. Only a newer version is applied, or one that says what an older Tickets left out. Where the seller left fewer tickets than are
/// held and sold, the sale wins: the replica keeps enough and Tickets is told.
/// </summary>
internal sealed class ReplicateListing(NpgsqlDataSource database, Outbox outbox)
    : IHandleEvents<TicketCreated>, IHandleEvents<TicketUpdated>, IHandleEvents<TicketDeleted>
{
    private const string Statement =
        """
        WITH applied AS (
            INSERT INTO listings AS present
                (id, title, price, currency, quantity, available, version, deleted, starts_at, max_per_buyer)
            VALUES (@id, @title, @price, @currency, @quantity, @quantity, @version, @deleted, @startsAt, @maxPerBuyer)
            ON CONFLICT (id) DO UPDATE SET
                title = excluded.title,
                price = excluded.price,
                currency = excluded.currency,
                quantity = greatest(excluded.quantity, present.quantity - present.available),
                available = greatest(excluded.quantity - (present.quantity - present.available), 0),
                version = excluded.version,
                deleted = excluded.deleted,
                starts_at = excluded.starts_at,
                max_per_buyer = excluded.max_per_buyer
            WHERE present.version < excluded.version
                OR (present.version = excluded.version AND present.max_per_buyer IS NULL AND excluded.max_per_buyer IS NOT NULL)
            RETURNING *
        ), corrected AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT
                'ListingCorrected',
                jsonb_build_object('ticketId', id, 'quantity', quantity, 'version', version),
                @traceParent
            FROM applied
            WHERE quantity > @quantity AND NOT deleted
            RETURNING seq
        )
        SELECT count(*) FROM corrected
        """;

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<TicketCreated>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((created, token) => ApplyAsync(created.Listing, deleted: false, token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<TicketUpdated>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((updated, token) => ApplyAsync(updated.Listing, deleted: false, token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<TicketDeleted>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((deleted, token) => ApplyAsync(deleted.Listing, deleted: true, token), cancellationToken);

    private async Task ApplyAsync(ListingState listing, bool deleted, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var corrections = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Statement,
            new
            {
                listing.Id, listing.Title, listing.Price, listing.Currency, listing.Quantity, listing.Version,
                deleted, listing.StartsAt, listing.MaxPerBuyer, Outbox.TraceParent,
            },
            cancellationToken: cancellationToken));
        if (corrections > 0)
            outbox.Wake();
    }
}
