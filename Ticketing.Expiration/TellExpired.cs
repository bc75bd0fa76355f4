using Quartz;
using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Expiration;

/// <summary>
/// Tells Orders whose time is up. An order is claimed, told, and only then counted as told: whatever dies in between,
/// it comes again when its lease ends.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class TellExpired(HoldClocks clocks, EventPublisher publisher, TimeProvider time, ILogger<TellExpired> logger) : IJob
{
    /// <summary>How late a due order may be noticed.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            while (await TellBatchAsync(cancellationToken) == HoldClocks.BatchSize)
            {
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is (Redis or the broker away, no queue for the message), the clocks are still there.
            LogFailed(exception);
            await Task.Delay(BackOff, time, cancellationToken);
        }
    }

    /// <summary>Claims and tells one batch, and returns its size.</summary>
    internal async Task<int> TellBatchAsync(CancellationToken cancellationToken)
    {
        var due = await clocks.ClaimAsync();
        if (due.Count == 0)
            return 0;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PublishTimeout);
        await publisher.PublishAsync(new ExpirationComplete(due), timeout.Token);

        var forgotten = await clocks.CountToldAsync(due);
        if (forgotten > 0)
            LogForgotten(forgotten, HoldClocks.MaxTold);
        return due.Count;
    }

    [LoggerMessage(LogLevel.Warning, "Orders whose time is up could not be told, trying again")]
    private partial void LogFailed(Exception exception);

    // No warning: as a rule an older event came after the order's end. Of a hold that does not end, Orders' sweep warns.
    [LoggerMessage(LogLevel.Information, "{Count} orders were told {Times} times and are told no more; Orders ends by itself what is still open of them")]
    private partial void LogForgotten(int count, int times);
}
