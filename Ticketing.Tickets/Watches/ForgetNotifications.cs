using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Tickets.Watches;

/// <summary>
/// Notifications are kept for 90 days, and a watch waits for at most 180. Deleted a batch at a time, so that no lock is
/// held for long; replicas skip what another one is deleting.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ForgetNotifications(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private static readonly TimeSpan Patience = TimeSpan.FromDays(180);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await DeleteAsync("notifications", Kept);
        await DeleteAsync("watches", Patience);

        async Task DeleteAsync(string table, TimeSpan age)
        {
            var command = new CommandDefinition(
                $"""
                DELETE FROM {table} WHERE ctid = ANY(ARRAY(
                    SELECT ctid FROM {table} WHERE created_at <= @before LIMIT 1000 FOR UPDATE SKIP LOCKED))
                """,
                new { before = clock.GetUtcNow() - age }, cancellationToken: cancellationToken);
            while (await connection.ExecuteAsync(command) > 0)
            {
            }
        }
    }
}
