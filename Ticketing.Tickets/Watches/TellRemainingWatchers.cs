using Npgsql;
using Quartz;
using Ticketing.Data;

namespace Ticketing.Tickets.Watches;

/// <summary>
/// Tells those who still wait for a listing that has tickets: of a crowd only the first are told in the transaction that
/// makes tickets available, which leaves a note that there are more. In rounds, between which buyers get their turn; replicas that
/// meet here take turns too.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class TellRemainingWatchers(NpgsqlDataSource database, Outbox outbox, TimeProvider clock) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const string Find = "SELECT ticket_id FROM listings_to_tell LIMIT 1";

    private const string Lock = "SELECT FROM tickets WHERE id = @ticketId FOR NO KEY UPDATE";

    // It comes back if there are still more.
    private const string Take = "DELETE FROM listings_to_tell WHERE ticket_id = @ticketId";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand(Find);
        while (await find.ExecuteScalarAsync(cancellationToken) is Guid ticketId)
        {
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock) { Parameters = { new("ticketId", ticketId) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Take) { Parameters = { new("ticketId", ticketId) } });
            batch.BatchCommands.Add(TellWatchers.Command([ticketId], clock));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            outbox.Wake();
        }
    }
}
