using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.Messaging;

/// <summary>
/// Unhealthy until the service has been connected to the broker once: before that, its consumers are not there. Afterwards a lost
/// broker, or one that hangs, or is out of memory or disk and takes no events, only degrades it: events wait in the outbox. A connection of its own, as
/// AspNetCore.HealthChecks.Rabbitmq makes, would see neither the consumers nor that.
/// </summary>
internal sealed class MessagingHealthCheck(
    IBusControl bus, TopologyStartup topology, EventPublisher publisher, BrokerWatch watch, ConsumerCircuitBreaker breaker)
    : IHealthCheck
{
    private volatile bool wasConnected;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var connected = topology.Declared.IsCompleted && (breaker.Outage is not null || bus.CheckHealth().Status == BusHealthStatus.Healthy);
        wasConnected |= connected;
        if (!connected || !watch.Answers)
            return new HealthCheckResult(
                wasConnected ? HealthStatus.Degraded : HealthStatus.Unhealthy, "The broker does not answer.");
        if (breaker.Outage is { } outage)
            return HealthCheckResult.Degraded($"No events are consumed until every server serves: {outage}");
        return publisher.Refusal is { } reason
            ? HealthCheckResult.Degraded($"The broker takes no events: {reason}.")
            : HealthCheckResult.Healthy();
    }
}
