using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Asks the servers that the service works with whether they serve: its own health checks with the tag
/// <see cref="ServerHealthChecks.Tag"/>. Whoever asks meanwhile gets the same answer.
/// </summary>
/// <param name="services">Has the health checks once the bus is there: MassTransit's own are among them, and this is a part of the bus.</param>
internal sealed class ServerProbe(IServiceProvider services)
{
    private readonly Lock asking = new();
    private Task<string?> answer = Task.FromResult<string?>(null);

    /// <summary>What is away, in the words of its health check; null if everything serves.</summary>
    public Task<string?> FindOutageAsync()
    {
        lock (asking)
        {
            if (answer.IsCompleted)
                answer = AskAsync();
            return answer;
        }
    }

    private async Task<string?> AskAsync()
    {
        var health = services.GetRequiredService<HealthCheckService>();
        var report = await health.CheckHealthAsync(check => check.Tags.Contains(ServerHealthChecks.Tag), CancellationToken.None);
        return report.Status is HealthStatus.Unhealthy
            ? string.Join(" ", report.Entries.Values.Where(check => check.Status is HealthStatus.Unhealthy).Select(check => check.Description))
            : null;
    }
}
