using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.RateLimits;

internal static class RateLimitsExtensions
{
    public static void AddRateLimits(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<RateLimitOptions>(RateLimitOptions.Section);
        if (!builder.Configuration.GetValue($"{RateLimitOptions.Section}:{nameof(RateLimitOptions.Enabled)}", true)) return;

        // People can sign in without it: the service is degraded then, not down.
        builder.AddRedis("redis", HealthStatus.Degraded);
        builder.Services.AddSingleton<AttemptCounter>();
        builder.Services.AddSingleton<AttemptLimits>();
    }

    /// <summary>Comes before the filters that make a request wait for its turn.</summary>
    public static RouteGroupBuilder LimitAttempts(this RouteGroupBuilder routes)
    {
        if (((IEndpointRouteBuilder)routes).ServiceProvider.GetService<AttemptLimits>() is { } limits)
            routes.AddEndpointFilter(limits);
        return routes;
    }
}
