using Ticketing.ServiceDefaults;

namespace Ticketing.Web.WaitingRoom;

/// <summary>
/// What stands before every order, by whichever way it comes. A listing without a waiting room is open to all; so is every
/// listing while Redis is away: nothing can be oversold by that, the room is for fairness and against load.
/// </summary>
internal sealed class Turnstile(Rooms rooms, Line line, ILogger<Turnstile> logger)
{
    private const int LongestKey = 255;

    private int away;

    /// <summary>Whether an order's listing has to be looked at at all.</summary>
    public async ValueTask<bool> AnyAsync()
    {
        if (!rooms.Known.IsCompleted)
            await rooms.Known;
        return rooms.Any;
    }

    public Room? RoomOf(Guid ticketId) => rooms.Find(ticketId);

    /// <summary>Somebody wants to order: they pass, or get a place. Whoever passes says afterwards how it ended.</summary>
    public Task<Place> EnterAsync(Room? room, Guid userId, string? key) => room is null
        ? Task.FromResult(Place.Open)
        : OpenWhileAwayAsync(() => line.EnterAsync(room, userId, Usable(key)), Place.Open);

    /// <summary>How somebody stands; it is a sign of life.</summary>
    public async Task<Place> LookAsync(Guid ticketId, Guid userId) => (await LookAsync(ticketId, [userId]))?[0] ?? Place.Open;

    /// <summary>The same for several; null: the listing is open to all.</summary>
    public Task<IReadOnlyList<Place>?> LookAsync(Guid ticketId, IReadOnlyList<Guid> userIds) => rooms.Find(ticketId) is not { } room
        ? Task.FromResult<IReadOnlyList<Place>?>(null)
        : OpenWhileAwayAsync<IReadOnlyList<Place>?>(async () => await line.LookAsync(room, userIds), null);

    /// <summary>Says that the site is there, as long as there may be a room: see <see cref="RoomClock"/>.</summary>
    public Task SayHereAsync() => rooms.Any
        ? OpenWhileAwayAsync(async () => { await line.SayHereAsync(); return true; }, false)
        : Task.CompletedTask;

    public Task LeaveAsync(Guid ticketId, Guid userId) => rooms.Find(ticketId) is { } room
        ? OpenWhileAwayAsync(async () => { await line.LeaveAsync(room, userId); return true; }, false)
        : Task.CompletedTask;

    /// <summary>
    /// An order that one passed for has an end: placed or refused, the turn is used; failed on our side, it is not. What
    /// the client itself broke off may have been placed: the same idempotency key passes again, and nothing else.
    /// </summary>
    /// <param name="room">The listing's.</param>
    /// <param name="userId">Whose order.</param>
    /// <param name="key">Its idempotency key.</param>
    /// <param name="passed">With which place.</param>
    /// <param name="status">The answer's; anything below 400 needs nothing.</param>
    public Task SettleAsync(Room? room, Guid userId, string? key, Place passed, int status)
    {
        if (room is null || passed.Standing is not (Standing.Admitted or Standing.Repeated) || status < StatusCodes.Status400BadRequest)
            return Task.CompletedTask;
        if (status < StatusCodes.Status500InternalServerError)
            return OpenWhileAwayAsync(async () => { await line.RefusedAsync(room, userId, Usable(key)); return true; }, false);
        return passed.Standing == Standing.Admitted
            ? OpenWhileAwayAsync(async () => { await line.FailedAsync(room, userId, Usable(key), passed.Until); return true; }, false)
            : Task.CompletedTask;
    }

    private async Task<T> OpenWhileAwayAsync<T>(Func<Task<T>> ask, T open)
    {
        try
        {
            var answer = await ask();
            if (Interlocked.Exchange(ref away, 0) == 1)
                WaitingRoomLog.KeptAgain(logger);
            return answer;
        }
        catch (Exception failure) when (TransientFailure.Is(failure))
        {
            if (Interlocked.Exchange(ref away, 1) == 0)
                WaitingRoomLog.LetsThrough(logger, failure);
            return open;
        }
    }

    // Orders refuses a longer one.
    private static string Usable(string? key) => key is { Length: <= LongestKey } ? key : "";
}
