using System.Diagnostics;
using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Data;

/// <summary>
/// The transactional outbox: an event is a row in the same transaction as the change that it tells of, so that both
/// commit or neither does. The relay publishes it afterwards.
/// </summary>
/// <remarks>
/// A statement that changes state inserts its own rows, as
/// <c>INSERT INTO outbox (type, body, trace_parent)</c>; <see cref="TraceParent"/> and <see cref="Wake"/> are
/// all that is needed from here, and <see cref="Serialize"/> where the event is not made in SQL.
/// </remarks>
public sealed class Outbox : IDisposable
{
    private readonly SemaphoreSlim[] wake = [.. Enum.GetValues<OutboxLane>().Select(_ => new SemaphoreSlim(0, 1))];
    private readonly Lock waking = new();

    /// <summary>The trace that the present work belongs to, for <c>trace_parent</c>; null outside of any.</summary>
    public static string? TraceParent => Activity.Current?.Id;

    /// <summary>An event as <c>body</c> has it.</summary>
    /// <param name="event">One of the events in <see cref="Contracts.Topology"/>.</param>
    public static string Serialize(object @event) => JsonSerializer.Serialize(@event, @event.GetType(), JsonConventions.Options);

    /// <summary>Tells this process's relay that there is something to publish. Cheap; may be called too often.</summary>
    /// <param name="lane">Where it is.</param>
    public void Wake(OutboxLane lane = OutboxLane.Ordinary)
    {
        // The count is 0 or 1: a relay that was woken already will see this row too.
        lock (waking)
        {
            if (wake[(int)lane].CurrentCount == 0)
                wake[(int)lane].Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(wake, semaphore => semaphore.Dispose());

    /// <summary>Waits for <see cref="Wake"/>, or for as long as a row of another replica may go unseen.</summary>
    internal Task WaitAsync(OutboxLane lane, TimeSpan atMost, CancellationToken cancellationToken) =>
        wake[(int)lane].WaitAsync(atMost, cancellationToken);
}
