using Quartz;
using Ticketing.Data;

namespace Ticketing.Tickets.Watches;

/// <summary>Notifications are kept for 90 days, and a watch waits for at most 180.</summary>
[DisallowConcurrentExecution]
internal sealed class ForgetNotifications(Removal removal, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private static readonly TimeSpan Patience = TimeSpan.FromDays(180);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await DeleteAsync("notifications", Kept);
        await DeleteAsync("watches", Patience);

        Task DeleteAsync(string table, TimeSpan age) => removal.RunAsync(
            table,
            $"""
            DELETE FROM {table} WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM {table} WHERE created_at <= @before
                ORDER BY created_at LIMIT @BatchSize FOR UPDATE SKIP LOCKED))
            """,
            new { before = clock.GetUtcNow() - age },
            cancellationToken);
    }
}
