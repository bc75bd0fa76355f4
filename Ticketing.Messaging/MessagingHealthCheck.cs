using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.Messaging;

/// <summary>
/// Unhealthy until the service has been connected to the broker once: before that, its consumers are not there.
/// Afterwards a lost broker only degrades it, since requests are still served and events wait in the outbox.
/// </summary>
internal sealed class MessagingHealthCheck(IBusControl bus, TopologyStartup topology) : IHealthCheck
{
    private volatile bool wasConnected;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connected = topology.Declared.IsCompleted && bus.CheckHealth().Status == BusHealthStatus.Healthy;
        wasConnected |= connected;
        return Task.FromResult(connected
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(
                wasConnected ? HealthStatus.Degraded : HealthStatus.Unhealthy, "The broker does not answer."));
    }
}
