using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Ticketing.ServiceDefaults;

/// <summary>Gives a service its Redis.</summary>
public static class RedisExtensions
{
    /// <summary>
    /// Adds a singleton <see cref="IConnectionMultiplexer"/> for the connection string of this name and reports its
    /// health. It connects in the background and again after every loss.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The key under <c>ConnectionStrings</c>.</param>
    /// <param name="whenAway">What the service is without it.</param>
    /// <exception cref="SettingException">The connection string is missing or wrong.</exception>
    public static IHostApplicationBuilder AddRedis(
        this IHostApplicationBuilder builder, string connectionName, HealthStatus whenAway = HealthStatus.Unhealthy)
    {
        var options = builder.Configuration.GetConnectionString(connectionName, ConfigurationOptions.Parse);
        options.AbortOnConnectFail = false;
        options.ClientName = builder.Environment.ApplicationName;
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(options));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "redis",
            services => ActivatorUtilities.CreateInstance<RedisHealthCheck>(services),
            whenAway,
            tags: null,
            timeout: TimeSpan.FromSeconds(3)));
        return builder;
    }

    private sealed class RedisHealthCheck(IConnectionMultiplexer redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await redis.GetDatabase().PingAsync();
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (TransientFailure.Is(exception))
            {
                return new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer.", exception);
            }
        }
    }
}
