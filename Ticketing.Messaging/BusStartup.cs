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
internal sealed class BusStartup(
    TopologyStartup topology, IBusControl bus, IOptions<MassTransitHostOptions> options, TimeProvider clock, ILogger<BusStartup> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await topology.Declared.WaitAsync(stoppingToken);
        await bus.StartAsync(stoppingToken);
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
}
