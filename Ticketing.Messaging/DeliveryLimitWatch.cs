using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Finds out whether the broker drops messages that come back often. RabbitMQ 4 does after 20 times, unless a policy sets a
/// higher limit (docs/operations.md). Policies cannot be read over AMQP, so it is tried: on a quorum queue of its own a message
/// is taken and given back more often than that. At the start, and then again from time to time, since a policy can be removed.
/// </summary>
internal sealed partial class DeliveryLimitWatch : BackgroundService, IHealthCheck
{
    /// <summary>More than RabbitMQ 4 allows without a policy.</summary>
    internal const int Deliveries = 25;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Until it is tried again while the limit is too low, or after the broker was away.</summary>
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long a message that was given back may take to be there again, or to be dropped: the broker may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly ErrorQueues queues;
    private readonly TopologyStartup topology;
    private readonly TimeProvider clock;
    private readonly ILogger<DeliveryLimitWatch> logger;

    /// <summary>After how many deliveries the message was dropped; null if it was not, or was not tried yet.</summary>
    private volatile object? droppedAfter;

    public DeliveryLimitWatch(
        ErrorQueues queues, TopologyStartup topology, IMeterFactory meters, TimeProvider clock, ILogger<DeliveryLimitWatch> logger)
    {
        (this.queues, this.topology, this.clock, this.logger) = (queues, topology, clock, logger);
        meters.Create(Telemetry.Name).CreateObservableGauge(
            "ticketing.messaging.delivery_limit.low", () => droppedAfter is null ? 0 : 1,
            "{broker}", "1 while the broker drops messages that come back often.");
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(droppedAfter is { } deliveries
            ? HealthCheckResult.Degraded(
                $"The broker drops a message that it has delivered {deliveries} times: the policy is missing that sets a higher delivery-limit (docs/operations.md).")
            : HealthCheckResult.Healthy());

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await topology.Declared.WaitAsync(stoppingToken);
        while (true)
        {
            var tried = false;
            try
            {
                await TryAsync(stoppingToken);
                tried = true;
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotTried(problem.Message);
            }
            await Task.Delay(tried && droppedAfter is null ? Interval : ShortInterval, clock, stoppingToken);
        }
    }

    /// <summary>Tries it now.</summary>
    internal async Task TryAsync(CancellationToken cancellationToken)
    {
        await using var connection = await queues.Broker.ConnectAsync("delivery limit", TimeLimits.Publish, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var queue = $"delivery-limit-{Guid.NewGuid():N}";
        // Where the broker puts what it drops.
        var dropped = $"{queue}-dropped";
        await DeclareAsync(dropped, []);
        await DeclareAsync(queue, new() { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = dropped });
        await channel.BasicPublishAsync(
            exchange: "", queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, ReadOnlyMemory<byte>.Empty, cancellationToken);

        var deliveries = 0;
        while (deliveries < Deliveries && await TakeAsync(channel, queue, dropped, cancellationToken) is { } message)
        {
            deliveries++;
            await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellationToken);
        }
        await channel.QueueDeleteAsync(queue, cancellationToken: cancellationToken);
        await channel.QueueDeleteAsync(dropped, cancellationToken: cancellationToken);

        if (deliveries < Deliveries)
            LogLow(deliveries);
        droppedAfter = deliveries < Deliveries ? deliveries : null;

        // It goes by itself if this process dies here.
        Task DeclareAsync(string name, Dictionary<string, object?> arguments) => channel.QueueDeclareAsync(
            name, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>(arguments) { ["x-queue-type"] = "quorum", ["x-expires"] = 60_000 }, cancellationToken: cancellationToken);
    }

    /// <summary>The message, or null if it was dropped.</summary>
    /// <exception cref="TimeoutException">It is in neither queue.</exception>
    private async Task<BasicGetResult?> TakeAsync(IChannel channel, string queue, string dropped, CancellationToken cancellationToken)
    {
        for (var since = clock.GetTimestamp(); clock.GetElapsedTime(since) < Patience;)
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message)
                return message;
            if (await channel.BasicGetAsync(dropped, autoAck: true, cancellationToken) is not null)
                return null;
            await Task.Delay(PollInterval, clock, cancellationToken);
        }
        throw new TimeoutException("A message that was given back did not come again.");
    }

    [LoggerMessage(LogLevel.Error,
        "The broker drops a message that it has delivered {Deliveries} times: set the policy that docs/operations.md names, or events are lost")]
    private partial void LogLow(int deliveries);

    [LoggerMessage(LogLevel.Information, "The broker's limit of deliveries could not be tried: {Reason}")]
    private partial void LogNotTried(string reason);
}
