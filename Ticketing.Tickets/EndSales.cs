using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Tickets;

/// <summary>
/// Takes listings whose event has begun out of the indexes of what is on sale, some seconds late: queries look at the start
/// too, and Orders refuses by its own clock. A batch at a time; replicas skip what another one is changing.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class EndSales(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int BatchSize = 500;

    private const string Statement =
        """
        UPDATE tickets SET sales_ended = true WHERE id = ANY(ARRAY(
            SELECT id FROM tickets WHERE NOT sales_ended AND starts_at <= @now
            ORDER BY starts_at LIMIT @BatchSize FOR NO KEY UPDATE SKIP LOCKED))
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        int ended;
        do
        {
            ended = await connection.ExecuteAsync(new CommandDefinition(
                Statement, new { now = clock.GetUtcNow(), BatchSize }, cancellationToken: cancellationToken));
        }
        while (ended == BatchSize);
    }
}
