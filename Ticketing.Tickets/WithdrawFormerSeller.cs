using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;

namespace Ticketing.Tickets;

/// <summary>
/// Withdraws all that a user had on sale when the account is deleted, also listings with tickets held or sold: what was
/// accepted may complete and what was sold stays sold, but nobody is there to sell more. What the user waited for and was
/// told goes too.
/// </summary>
internal sealed class WithdrawFormerSeller(
    NpgsqlDataSource database, Outbox outbox, AvailabilityPublisher availability, TimeProvider clock) : IHandleEvents<UserDeleted>
{
    // Listings of one transaction. Each adds an event.
    private const int BatchSize = 500;

    private const string Remember =
        """
        SELECT 1 FROM pg_advisory_xact_lock(2, hashtext(@UserId::text));
        INSERT INTO former_sellers (id) VALUES (@UserId) ON CONFLICT DO NOTHING;
        DELETE FROM watches WHERE user_id = @UserId;
        DELETE FROM notifications WHERE user_id = @UserId;
        """;

    private const string Withdraw =
        """
        WITH batch AS (
            SELECT id FROM tickets WHERE seller_id = @UserId AND deleted_at IS NULL LIMIT @BatchSize FOR UPDATE
        ), withdrawn AS (
            UPDATE tickets SET deleted_at = @now, version = version + 1
            FROM batch WHERE tickets.id = batch.id
            RETURNING tickets AS listing
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'TicketDeleted', ticket_event(listing), @TraceParent FROM withdrawn
        ), unwatched AS (
            DELETE FROM watches USING withdrawn WHERE watches.ticket_id = (withdrawn.listing).id
        )
        SELECT (listing).id FROM withdrawn
        """;

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<UserDeleted>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((deleted, token) => WithdrawAsync(deleted.UserId, token), cancellationToken);

    private async Task WithdrawAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // First, and committed: what is listed from here on is refused, what was before is found below. See CreateTicket.
        await connection.ExecuteAsync(new CommandDefinition(
            Remember, new { UserId = user }, cancellationToken: cancellationToken));
        List<Guid> withdrawn;
        do
        {
            withdrawn = (await connection.QueryAsync<Guid>(new CommandDefinition(
                Withdraw,
                new { UserId = user, BatchSize, now = clock.GetUtcNow(), Outbox.TraceParent },
                cancellationToken: cancellationToken))).AsList();
            if (withdrawn.Count == 0)
                return;
            outbox.Wake();
            availability.Changed(withdrawn);
        } while (withdrawn.Count == BatchSize);
    }
}
