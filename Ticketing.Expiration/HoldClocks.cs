using StackExchange.Redis;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Expiration;

/// <summary>
/// When each open order's hold ends: a sorted set of due times in Redis, the version of the order that set each, and
/// how often its end was told. Every change is one script, so replicas share the work without a lock.
/// </summary>
/// <remarks>
/// An ended order is forgotten at once. If an older event of it arrives after that, its clock runs again, its end is
/// told at most <see cref="MaxTold"/> times to Orders, which knows better and does nothing, and it is forgotten again:
/// cheaper than to remember every order that ever ended. Clocks that are set, or stopped, at the same time go to Redis
/// together.
/// </remarks>
internal sealed class HoldClocks : IDisposable
{
    /// <summary>How many orders are handed out at once; also the most that one message names.</summary>
    public const int BatchSize = 500;

    /// <summary>How often an order's end is told before it is left to Orders' own sweep.</summary>
    public const int MaxTold = 20;

    /// <summary>How long an order that was handed out waits until it is handed out again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    // The braces put all keys into one slot of a Redis Cluster, as a script over several keys needs it.
    private static readonly RedisKey[] Keys = ["{expiration}:due", "{expiration}:versions", "{expiration}:tries"];

    private static readonly string SetScript = Read("set.lua");
    private static readonly string StopScript = Read("stop.lua");
    private static readonly string ClaimScript = Read("claim.lua");
    private static readonly string ToldScript = Read("told.lua");

    private readonly IConnectionMultiplexer redis;
    private readonly TimeProvider clock;
    private readonly JointWrites<Setting> settings;
    private readonly JointWrites<Guid> stops;

    public HoldClocks(IConnectionMultiplexer redis, TimeProvider clock)
    {
        (this.redis, this.clock) = (redis, clock);
        settings = new(set => RunAsync(SetScript, [.. set.SelectMany(Arguments)]));
        stops = new(orders => RunAsync(StopScript, [.. orders.Select(order => (RedisValue)order.ToString())]));

        static IEnumerable<RedisValue> Arguments(Setting setting) =>
            [setting.OrderId.ToString(), setting.Version, MillisecondsUp(setting.Due)];
    }

    /// <summary>Sets an order's clock, unless this version of the order, or a newer one, has set it already.</summary>
    public Task SetAsync(Guid orderId, int version, DateTimeOffset due, CancellationToken cancellationToken) =>
        settings.WriteAsync(new(orderId, version, due), cancellationToken);

    /// <summary>Forgets an order that has ended.</summary>
    public Task StopAsync(Guid orderId, CancellationToken cancellationToken) => stops.WriteAsync(orderId, cancellationToken);

    /// <summary>
    /// Up to <see cref="BatchSize"/> orders whose time is up, the longest due first. Nobody else gets them for the time
    /// of the <see cref="Lease"/>.
    /// </summary>
    public async Task<IReadOnlyList<Guid>> ClaimAsync()
    {
        var now = clock.GetUtcNow();
        var orders = (string[])(await RunAsync(
            ClaimScript, [now.ToUnixTimeMilliseconds(), MillisecondsUp(now + Lease), BatchSize]))!;
        return [.. orders.Select(Guid.Parse)];
    }

    /// <summary>
    /// Counts that the end of these orders was told. Not counted when it is claimed: while the broker is away, nobody
    /// hears of it.
    /// </summary>
    /// <returns>How many were told often enough and are forgotten now.</returns>
    public async Task<int> CountToldAsync(IEnumerable<Guid> orderIds) =>
        (int)await RunAsync(ToldScript, [MaxTold, .. orderIds.Select(id => (RedisValue)id.ToString())]);

    public void Dispose()
    {
        settings.Dispose();
        stops.Dispose();
    }

    // The whole script each time: they are short, and a restarted Redis knows no script by its hash any more.
    private Task<RedisResult> RunAsync(string script, RedisValue[] arguments) =>
        redis.GetDatabase().ScriptEvaluateAsync(script, Keys, arguments, CommandFlags.NoScriptCache).WaitAsync(TimeLimits.RedisScript);

    // Never early: what Orders judges early has to wait for another turn.
    private static long MillisecondsUp(DateTimeOffset time) => time.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();

    private static string Read(string name) => EmbeddedText.Read(typeof(HoldClocks).Assembly, name);

    private sealed record Setting(Guid OrderId, int Version, DateTimeOffset Due);
}
