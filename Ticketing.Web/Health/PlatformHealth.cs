using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Health;

/// <summary>
/// Whether the platform is up. Unhealthy until every service that Web knows was healthy once, so that the first 200
/// from the site means that everything works; later a service that is away only degrades it, since the site serves on.
/// </summary>
internal sealed class PlatformHealth(
    IReadOnlyList<string> services, IHttpClientFactory clients, TimeProvider time, ILogger<PlatformHealth> logger)
    : BackgroundService, IHealthCheck
{
    /// <summary>Somebody may wait for the one that is away: a person who starts the platform, or a deployment.</summary>
    private static readonly TimeSpan WhileOneIsAway = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WhileAllAreThere = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> healthy = new();
    private volatile bool wasUp;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = services.Where(service => !healthy.GetValueOrDefault(service)).ToList();
        if (wasUp && away.Count == 0)
            return Task.FromResult(HealthCheckResult.Healthy());
        return Task.FromResult(new HealthCheckResult(
            wasUp ? HealthStatus.Degraded : HealthStatus.Unhealthy, $"Not there: {string.Join(", ", away)}."));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, time, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        // A service counts once it was healthy, even if it is away again while another is still starting.
        var seen = new HashSet<string>();
        while (true)
        {
            await Parallel.ForEachAsync(services, stoppingToken, LookAsync);
            var there = services.Where(service => healthy[service]).ToList();
            seen.UnionWith(there);
            wasUp |= seen.Count == services.Count;
            await Task.Delay(there.Count == services.Count ? WhileAllAreThere : WhileOneIsAway, time, stoppingToken);
        }
    }

    private async ValueTask LookAsync(string service, CancellationToken stoppingToken)
    {
        var now = await AnswersAsync(service, stoppingToken);
        if (healthy.TryGetValue(service, out var before) && before != now)
            HealthLog.Changed(logger, service, now ? "healthy" : "not healthy");
        healthy[service] = now;
    }

    private async Task<bool> AnswersAsync(string service, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(TimeLimits.Health);
        try
        {
            using var response = await clients.CreateClient(service).GetAsync("health", timeout.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException
            || (failure is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
