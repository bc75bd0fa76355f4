using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Asks the broker every few seconds how many messages are in the service's error queues, for the metric
/// <c>ticketing.messaging.error_queue.messages</c> and for health, and so whether it answers at all: a broker that hangs keeps
/// its connections until their heartbeats are missed, after minutes. Every replica counts the same queues.
/// </summary>
/// <remarks>On a connection of its own: while it is out of memory or disk, the broker reads nothing from one that publishes.</remarks>
internal sealed partial class BrokerWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly ErrorQueues queues;
    private readonly TopologyStartup topology;
    private readonly TimeProvider clock;
    private readonly ILogger<BrokerWatch> logger;

    public BrokerWatch(ErrorQueues queues, TopologyStartup topology, IMeterFactory meters, TimeProvider clock, ILogger<BrokerWatch> logger)
    {
        (this.queues, this.topology, this.clock, this.logger) = (queues, topology, clock, logger);
        meters.Create(Telemetry.Name).CreateObservableGauge(
            "ticketing.messaging.error_queue.messages",
            () => Counts.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>("messaging.destination.name", count.Key))),
            "{message}",
            "Messages that could not be handled and wait to be put back.");
    }

    /// <summary>How many messages each queue held when it was last looked at; a queue that was not yet is not there.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; private set; } = new Dictionary<string, long>();

    /// <summary>Whether the last question was answered; true before the first one.</summary>
    public bool Answers { get; private set; } = true;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await topology.Declared.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            IConnection? connection = null;
            try
            {
                connection = await queues.Broker.ConnectAsync("watch", TimeLimits.Broker, stoppingToken);
                await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
                string[] watched = [.. (await queues.PresentAsync(connection, stoppingToken)).SelectMany(ErrorQueues.Of)];
                while (true)
                {
                    Counts = await CountAsync(channel, watched, stoppingToken);
                    Answers = true;
                    await Task.Delay(Interval, clock, stoppingToken);
                }
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // The last counts stay until it can be asked again.
                if (Answers)
                    LogSilent(problem.Message);
                Answers = false;
                await Task.Delay(Interval, clock, stoppingToken);
            }
            finally
            {
                if (connection is not null)
                    await connection.AbortAsync(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static async Task<IReadOnlyDictionary<string, long>> CountAsync(
        IChannel channel, IEnumerable<string> watched, CancellationToken cancellationToken)
    {
        // Of a service without queues of its own, the question alone counts.
        await channel.ExchangeDeclarePassiveAsync("amq.fanout", cancellationToken);
        var counts = new Dictionary<string, long>();
        foreach (var queue in watched)
            counts[queue] = (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        return counts;
    }

    [LoggerMessage(LogLevel.Information, "The broker does not answer for now: {Reason}")]
    private partial void LogSilent(string reason);
}
