using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;

namespace Ticketing.Tickets;

/// <summary>
/// Raises the quantity of a listing of which more was sold than its seller left: the seller's change and an order
/// crossed on the way, and the sale wins. A listing that has changed again since gets a correction of its own.
/// </summary>
internal sealed class CorrectQuantity(NpgsqlDataSource database, Outbox outbox, AvailabilityPublisher availability)
    : IHandleEvents<ListingCorrected>
{
    private const string Statement =
        """
        WITH corrected AS (
            UPDATE tickets SET quantity = @Quantity, version = version + 1
            WHERE id = @TicketId AND version = @Version AND quantity < @Quantity AND deleted_at IS NULL
            RETURNING tickets AS listing
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'TicketUpdated', ticket_event(listing), @TraceParent FROM corrected
        )
        SELECT count(*) FROM corrected
        """;

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<ListingCorrected>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync(CorrectAsync, cancellationToken);

    private async Task CorrectAsync(ListingCorrected correction, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var corrected = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Statement,
            new { correction.TicketId, correction.Quantity, correction.Version, Outbox.TraceParent },
            cancellationToken: cancellationToken));
        if (corrected == 0)
            return;
        outbox.Wake();
        availability.Changed([correction.TicketId]);
    }
}
