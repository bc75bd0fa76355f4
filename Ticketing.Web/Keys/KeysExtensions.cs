using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Keys;

internal static class KeysExtensions
{
    /// <summary>
    /// Shares the data protection keys through Redis. With Redis away at the start, pages with forms say 503 until it
    /// comes; with Redis away later the keys at hand go on working.
    /// </summary>
    public static IHostApplicationBuilder AddSharedKeys(this IHostApplicationBuilder builder)
    {
        builder.AddRedis("redis", HealthStatus.Degraded);
        builder.Services.AddDataProtection().SetApplicationName("ticketing-web");
        builder.Services.AddOptions<KeyManagementOptions>()
            .Configure<IConnectionMultiplexer>((options, redis) => options.XmlRepository = new RedisKeyRepository(redis));
        return builder;
    }
}
