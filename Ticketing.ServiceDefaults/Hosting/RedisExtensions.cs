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
        builder.Services.AddHealthChecks().AddServer(
            "redis", "Redis", whenAway, services => ActivatorUtilities.CreateInstance<RedisHealthCheck>(services));
        return builder;
    }

    /// <summary>
    /// Writes, since a server that is full, cannot save, or has become a replica still answers the <c>PING</c> of
    /// AspNetCore.HealthChecks.Redis. One that evicts keys takes every write, and loses others for it.
    /// </summary>
    private sealed class RedisHealthCheck(IConnectionMultiplexer redis) : IHealthCheck
    {
        private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var database = redis.GetDatabase();
            try
            {
                await database.StringSetAsync($"health:{redis.ClientName}", 1, Kept);
            }
            catch (RedisServerException refusal)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"Redis refuses to write: {refusal.Message}", refusal);
            }
            return await EvictsByAsync(database) is { } policy
                ? HealthCheckResult.Degraded($"Redis evicts keys when it is full: its maxmemory-policy is {policy}, not noeviction.")
                : HealthCheckResult.Healthy();
        }

        /// <summary>
        /// The policy by which it evicts; null if it evicts nothing, or does not let this user ask. By a script, since the client
        /// sends the command itself only for administrators, who may also empty the server.
        /// </summary>
        private static async Task<string?> EvictsByAsync(IDatabase database)
        {
            try
            {
                var memory = ((string?)await database.ScriptEvaluateAsync("return redis.call('INFO', 'memory')") ?? "").Split('\n')
                    .Select(line => line.Trim().Split(':', 2)).Where(line => line.Length == 2)
                    .ToDictionary(line => line[0], line => line[1]);
                return memory.GetValueOrDefault("maxmemory", "0") != "0" && memory.GetValueOrDefault("maxmemory_policy") is { } policy and not "noeviction"
                    ? policy
                    : null;
            }
            catch (RedisServerException)
            {
                return null;
            }
        }
    }
}
