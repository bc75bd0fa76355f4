using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Starts the consumers when the broker is there and the topology declared. MassTransit's own hosted service would start them
/// at once; while the broker is away, e.g. since both start together, it waits longer and longer between its attempts.
/// </summary>
internal sealed partial class BusStartup(
    TopologyStartup topology,
    IBusControl bus,
    IReceiveEndpointConnector endpoints,
    MessagingBuilder messaging,
    ErrorQueues queues,
    IOptions<MassTransitHostOptions> options,
    TimeProvider clock,
    ILogger<BusStartup> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await topology.Declared.WaitAsync(stoppingToken);
        await bus.StartAsync(stoppingToken);
        while (queues.Former.Count > 0 && !await TryConsumeFormerQueuesAsync(stoppingToken))
            await Task.Delay(RetryDelay, clock, stoppingToken);
    }

    /// <summary>What the release before left in its queues, and what replicas of it still send, is heard where it has run.</summary>
    private async Task<bool> TryConsumeFormerQueuesAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<string> present;
        try
        {
            await using var connection = await queues.Broker.ConnectAsync("former queues", TimeLimits.Broker, stoppingToken);
            present = await TopologyDeclaration.PresentAsync(connection, queues.Former, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotAsked(exception.Message);
            return false;
        }
        foreach (var queue in present)
            endpoints.ConnectReceiveEndpoint(queue, (context, endpoint) =>
                ((IRabbitMqReceiveEndpointConfigurator)endpoint).ConfigureQueue(queue, messaging, context));
        return true;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!topology.Declared.IsCompleted)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options.Value.StopTimeout is { } timeout)
            patience.CancelAfter(timeout);
        await bus.StopAsync(patience.Token);
    }

    [LoggerMessage(LogLevel.Warning, "Whether there are queues of the release before could not be asked, trying again: {Reason}")]
    private partial void LogNotAsked(string reason);
}
