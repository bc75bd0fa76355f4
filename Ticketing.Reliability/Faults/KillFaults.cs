namespace Ticketing.Reliability;

/// <summary>Processes that are killed at any moment.</summary>
internal static class KillFaults
{
    private static readonly string[] Servers = ["postgres", "redis", "rabbitmq"];
    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web", "stripe"];

    public static IEnumerable<Fault> All =>
    [
        .. Services.Concat(Servers).Select(name => Kill($"kill {name}", name)),
        Kill("kill orders and rabbitmq together", "orders", "rabbitmq"),
        Kill("kill payments and stripe together", "payments", "stripe"),
        Kill("kill expiration and redis together", "expiration", "redis"),
        Kill("kill every service together", Services),
        Kill("kill every server together", Servers),
    ];

    private static Fault Kill(string name, params string[] victims) => new(name, async context =>
    {
        await context.LastsAsync(context.Random.NextDouble() * 2);
        foreach (var victim in victims)
        {
            if (victims.Length > 1)
                context.Kill(victim);
            else
                context.KillOne(victim);
        }
        return true;
    })
    {
        Kills = true,
        OrdersAway = victims.Contains("orders") || victims.Contains("postgres"),
    };
}
