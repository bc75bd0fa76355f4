using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Counts the messages in the service's error queues every few seconds, for the metric
/// <c>ticketing.messaging.error_queue.messages</c> and for health. Every replica counts the same queues.
/// </summary>
internal sealed partial class ErrorQueueWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ErrorQueues queues;
    private readonly TimeProvider clock;
    private readonly ILogger<ErrorQueueWatch> logger;
    private readonly ConnectionFactory factory;

    public ErrorQueueWatch(ErrorQueues queues, IMeterFactory meters, TimeProvider clock, ILogger<ErrorQueueWatch> logger)
    {
        (this.queues, this.clock, this.logger) = (queues, clock, logger);
        factory = new ConnectionFactory
        {
            Uri = queues.Broker.Uri,
            ClientProvidedName = "error queues",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(3),
        };
        meters.Create(Telemetry.Name).CreateObservableGauge(
            "ticketing.messaging.error_queue.messages",
            () => Counts.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>("messaging.destination.name", count.Key))),
            "{message}",
            "Messages that could not be handled and wait to be put back.");
    }

    /// <summary>How many messages each queue held when it was last looked at; a queue that was not yet is not there.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; private set; } = new Dictionary<string, long>();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var seen = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(queues.Broker.Nodes, stoppingToken);
                await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
                while (true)
                {
                    Counts = await CountAsync(channel, stoppingToken);
                    seen = true;
                    await Task.Delay(Interval, clock, stoppingToken);
                }
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // The broker is away, or the topology is not declared yet. The last counts stay until it can be asked again.
                if (seen)
                    LogUnseen(problem.Message);
                seen = false;
                await Task.Delay(Interval, clock, stoppingToken);
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, long>> CountAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>();
        foreach (var queue in queues.All)
            counts[queue] = (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        return counts;
    }

    [LoggerMessage(LogLevel.Information, "The error queues cannot be counted for now: {Reason}")]
    private partial void LogUnseen(string reason);
}
