using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Keys;

internal static class KeysExtensions
{
    private static readonly RedisKey Key = "web:data-protection-keys";

    /// <summary>
    /// Shares the data protection keys, which protect forms (antiforgery), through Redis, so that all replicas and the next start
    /// have the same ones. They are read at the start and about once a day. With Redis away at the start, pages with forms say
    /// 503 until it comes; with Redis away later the keys at hand go on working.
    /// </summary>
    public static IHostApplicationBuilder AddSharedKeys(this IHostApplicationBuilder builder)
    {
        builder.AddRedis("redis", HealthStatus.Degraded);
        builder.Services.AddDataProtection().SetApplicationName("ticketing-web");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IConnectionMultiplexer>(
            (options, redis) => options.XmlRepository = new RedisXmlRepository(() => redis.GetDatabase(), Key));
        return builder;
    }
}
