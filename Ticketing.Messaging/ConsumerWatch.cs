using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Ends the process, so that it is started again, when its consumers do not come back to a broker that is there. With
/// messages in their hands when the connection broke, MassTransit 8.4's sometimes never do
/// (https://github.com/MassTransit/MassTransit/issues/5692): the queue would grow and nothing say why. Consumers that were
/// stopped since a server is away are none of these.
/// </summary>
internal sealed partial class ConsumerWatch(
    IBusControl bus, TopologyStartup topology, ConsumerCircuitBreaker breaker, BrokerWatch broker, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<ConsumerWatch> logger)
    : BackgroundService
{
    /// <summary>They are back within a few seconds, on a busy machine within ten.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await topology.Declared.WaitAsync(stoppingToken);
        var patience = new ConsumerPatience(Limit);
        var began = clock.GetTimestamp();
        while (true)
        {
            var consuming = breaker.Outage is not null || bus.CheckHealth().Status == BusHealthStatus.Healthy;
            if (patience.IsOver(consuming, broker.Answers, clock.GetElapsedTime(began)))
            {
                LogGone(Limit.TotalSeconds);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            await Task.Delay(Interval, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Critical,
        "The consumers have not come back for {Seconds} s although the broker is there; the process ends, to be started again")]
    private partial void LogGone(double seconds);
}
