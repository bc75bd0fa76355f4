using StackExchange.Redis;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.WaitingRoom;

/// <summary>
/// The lines of all waiting rooms, in Redis: who waits in the order of their arrival, who is admitted, and a bucket of
/// tokens that fills at the listing's rate. Every change is one script, so any number of replicas is right.
/// </summary>
/// <remarks>
/// A place belongs to the signed-in user. Somebody who is not heard of for <see cref="Absence"/> loses it; the keys of a
/// room that nobody enters end by themselves. The time is that of <see cref="RoomClock"/>; the script lets it only go forward, so
/// that replicas' clocks, which differ a little, add no token.
/// </remarks>
internal sealed class Line(IConnectionMultiplexer redis, RoomClock clock)
{
    /// <summary>How many may wait for one listing.</summary>
    public const int Most = 1_000_000;

    /// <summary>How many users one <see cref="LookAsync"/> may name: Redis does nothing else meanwhile.</summary>
    public const int MostLooks = 500;

    /// <summary>How long a place is kept without a sign of life.</summary>
    public static readonly TimeSpan Absence = TimeSpan.FromSeconds(60);

    /// <summary>How long one has to place the order.</summary>
    public static readonly TimeSpan Admission = TimeSpan.FromSeconds(60);

    private static readonly string Script = EmbeddedText.Read(typeof(Line).Assembly, "line.lua");

    /// <summary>
    /// Somebody wants to order. Whoever is admitted passes and has used it; so does who comes while nobody waits and there is
    /// a token; everybody else gets a place at the end of the line, or keeps theirs.
    /// </summary>
    /// <param name="room">The listing and its rate.</param>
    /// <param name="userId">Who.</param>
    /// <param name="key">The order's idempotency key, or empty: with the key that one passed with one passes again.</param>
    public async Task<Place> EnterAsync(Room room, Guid userId, string key)
    {
        var (result, ahead) = await RunAsync("enter", room, userId, _ => [userId.ToString(), key]);
        return ToPlace(result, ahead);
    }

    /// <summary>How these users stand, of whom each is here: it is a sign of life.</summary>
    public async Task<IReadOnlyList<Place>> LookAsync(Room room, IReadOnlyList<Guid> userIds)
    {
        var (result, ahead) = await RunAsync("look", room, Guid.Empty, _ => [.. userIds.Select(id => (RedisValue)id.ToString())]);
        return [.. ((RedisResult[])result!).Select(place => ToPlace(place, ahead))];
    }

    /// <summary>The order that one passed for was refused: that was the turn.</summary>
    public Task RefusedAsync(Room room, Guid userId, string key) => RunAsync("refused", room, userId, _ => [userId.ToString(), key]);

    /// <summary>The order that one passed for failed through no fault of one's own: the turn is still to come.</summary>
    public Task FailedAsync(Room room, Guid userId, string key, DateTimeOffset until) =>
        RunAsync("failed", room, userId, ahead => [userId.ToString(), key, until.ToUnixTimeMilliseconds() - ahead]);

    /// <summary>Gives up place and admission.</summary>
    public Task LeaveAsync(Room room, Guid userId) => RunAsync("leave", room, userId, _ => [userId.ToString(), ""]);

    /// <summary>Says that the site is there, whether or not anybody asks for a room.</summary>
    public Task SayHereAsync() => clock.SayHereAsync();

    // The whole script each time: a restarted Redis knows no script by its hash any more.
    private async Task<(RedisResult Result, long Ahead)> RunAsync(string what, Room room, Guid userId, Func<long, RedisValue[]> arguments)
    {
        var (now, ahead) = await clock.NowAsync();
        // The braces put all keys into one slot of a Redis Cluster.
        var prefix = $"{{room:{room.TicketId}}}";
        RedisKey[] keys = [$"{prefix}:line", $"{prefix}:seen", $"{prefix}:admitted", $"{prefix}:bucket", $"{prefix}:passed:{userId}"];
        RedisValue[] common =
        [
            what, now, room.BuyersPerMinute, (long)Absence.TotalMilliseconds, (long)Admission.TotalMilliseconds, Most,
        ];
        var result = await redis.GetDatabase().ScriptEvaluateAsync(Script, keys, [.. common, .. arguments(ahead)], CommandFlags.NoScriptCache)
            .WaitAsync(TimeLimits.Redis);
        return (result, ahead);
    }

    private static Place ToPlace(RedisResult result, long ahead)
    {
        var numbers = (long[])result!;
        return (Standing)numbers[0] switch
        {
            Standing.Waiting => new(Standing.Waiting, numbers[1], TimeSpan.FromMilliseconds(numbers[2])),
            Standing.Admitted => new(Standing.Admitted, Until: DateTimeOffset.FromUnixTimeMilliseconds(numbers[1] + ahead)),
            var standing => new(standing),
        };
    }
}
