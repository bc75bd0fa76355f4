using Dapper;

namespace Ticketing.Reliability;

/// <summary>Servers that are there and do not do what they should for a while.</summary>
internal static class OutageFaults
{
    public static IEnumerable<Fault> All =>
    [
        new("redis emptied", async context =>
        {
            using var redis = await context.Platform.ConnectRedisAsync();
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
            return true;
        }),
        Freeze("redis unreachable for 5 s", "redis", 5),
        Freeze("broker unreachable for 5 s", "rabbitmq", 5),
        Freeze("broker unreachable for 60 s", "rabbitmq", 60),
        Freeze("stripe unreachable for 5 s", "stripe", 5),
        new("broker alarm: publishers blocked for 5 s", async context =>
        {
            await Rabbitmqctl.EvalAsync(context, "rabbit_alarm:set_alarm({{resource_limit, disk, node()}, []}).");
            await context.LastsAsync(5);
            await Rabbitmqctl.EvalAsync(context, "rabbit_alarm:clear_alarm({resource_limit, disk, node()}).");
            return true;
        }),
        .. Platform.WithDatabase.Select(Refuse),
    ];

    private static Fault Freeze(string name, string resource, double seconds) => new(name, async context =>
    {
        using var frozen = context.Freeze(resource);
        await context.LastsAsync(seconds);
        return true;
    });

    /// <summary>The service's role may not log in, and its connections are cut.</summary>
    private static Fault Refuse(string service) => new($"database refuses {service} for 3 s", async context =>
    {
        await using var database = await context.Platform.Database(service).OpenConnectionAsync();
        try
        {
            await database.ExecuteAsync(
                $"""
                ALTER ROLE {service} NOLOGIN;
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{service}';
                """);
            await context.LastsAsync(3);
        }
        finally
        {
            await database.ExecuteAsync($"ALTER ROLE {service} LOGIN");
        }
        return true;
    })
    {
        OrdersAway = service == "orders",
    };
}
