using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Ticketing.ServiceDefaults;

/// <summary>Gives a service its Redis.</summary>
public static class RedisExtensions
{
    /// <summary>
    /// Adds Aspire's <see cref="IConnectionMultiplexer"/> for the connection string of this name, and reports its health. It connects in the background and again after every loss.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The key under <c>ConnectionStrings</c>.</param>
    /// <param name="whenAway">What the service is without it.</param>
    /// <exception cref="SettingException">The connection string is missing or wrong.</exception>
    public static IHostApplicationBuilder AddRedis(
        this IHostApplicationBuilder builder, string connectionName, HealthStatus whenAway = HealthStatus.Unhealthy)
    {
        var options = builder.Configuration.GetConnectionString(connectionName, ConfigurationOptions.Parse);
        builder.AddRedisClient(
            connectionName,
            settings =>
            {
                settings.ConnectionString = options.ToString(includePassword: true);
                settings.DisableHealthChecks = true;
                // It would connect, and wait for Redis, when the service starts.
                settings.DisableTracing = true;
            },
            connection =>
            {
                connection.AbortOnConnectFail = false;
                connection.ClientName = builder.Environment.ApplicationName;
            });
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "redis",
            services => ActivatorUtilities.CreateInstance<RedisHealthCheck>(services),
            whenAway,
            tags: null,
            timeout: TimeLimits.HealthCheck));
        return builder;
    }

    /// <summary>
    /// Writes, since a server that is full, cannot save, or has become a replica still answers the <c>PING</c> of
    /// AspNetCore.HealthChecks.Redis.
    /// </summary>
    private sealed class RedisHealthCheck(IConnectionMultiplexer redis) : IHealthCheck
    {
        private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await redis.GetDatabase().StringSetAsync($"health:{redis.ClientName}", 1, Kept).WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (RedisServerException refusal)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"Redis refuses to write: {refusal.Message}", refusal);
            }
            catch (Exception exception) when (TransientFailure.Is(exception))
            {
                return new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer.", exception);
            }
        }
    }
}
