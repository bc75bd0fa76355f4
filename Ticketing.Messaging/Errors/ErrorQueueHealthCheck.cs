using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Ticketing.Messaging;

/// <summary>Degraded while messages wait in an error queue: the service serves on, but somebody has to look.</summary>
internal sealed class ErrorQueueHealthCheck(BrokerWatch watch, IHostEnvironment environment) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var filled = watch.Counts.Where(count => count.Value > 0).ToDictionary(count => count.Key, count => (object)count.Value);
        if (filled.Count == 0)
            return Task.FromResult(HealthCheckResult.Healthy());
        var queues = string.Join(", ", filled.Select(count => $"{count.Key} ({count.Value})"));
        return Task.FromResult(HealthCheckResult.Degraded(
            $"Messages that could not be handled wait in {queues}. When the cause is mended, put them back: " +
            $"dotnet {environment.ApplicationName}.dll {Requeueing.Argument}",
            data: filled));
    }
}
