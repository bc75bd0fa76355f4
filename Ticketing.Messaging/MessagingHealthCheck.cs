using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.Messaging;

/// <summary>
/// Unhealthy until the service has been connected to the broker once: before that, its consumers are not there.
/// Afterwards a lost broker, or one that is out of memory or disk and takes no events, only degrades it, since requests are
/// still served and events wait in the outbox. A connection of its own, as AspNetCore.HealthChecks.Rabbitmq makes, would see
/// neither the consumers nor that.
/// </summary>
internal sealed class MessagingHealthCheck(IBusControl bus, TopologyStartup topology, EventPublisher publisher) : IHealthCheck
{
    private volatile bool wasConnected;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connected = topology.Declared.IsCompleted && bus.CheckHealth().Status == BusHealthStatus.Healthy;
        wasConnected |= connected;
        if (connected)
            return Task.FromResult(publisher.Refusal is { } reason
                ? HealthCheckResult.Degraded($"The broker takes no events: {reason}.")
                : HealthCheckResult.Healthy());
        return Task.FromResult(new HealthCheckResult(
            wasConnected ? HealthStatus.Degraded : HealthStatus.Unhealthy, "The broker does not answer."));
    }
}
