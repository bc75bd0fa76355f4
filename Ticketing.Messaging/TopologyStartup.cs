using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Has the whole topology declared when a service starts, whether it has anything to publish or not; until then the
/// service is not ready. A broker that is away is waited for.
/// </summary>
internal sealed partial class TopologyStartup(
    EventPublisher publisher, TimeProvider clock, ILogger<TopologyStartup> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.5);

    private readonly TaskCompletionSource declared = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything was declared.</summary>
    public Task Declared => declared.Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!Declared.IsCompleted)
        {
            try
            {
                await publisher.ConnectAsync(stoppingToken);
                declared.SetResult();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogWaiting(exception.Message);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The broker is not ready yet, trying again: {Reason}")]
    private partial void LogWaiting(string reason);
}
