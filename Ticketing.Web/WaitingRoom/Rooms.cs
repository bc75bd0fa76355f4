using System.Collections.Concurrent;
using Ticketing.Contracts.Api;

namespace Ticketing.Web.WaitingRoom;

/// <summary>A listing with a waiting room.</summary>
/// <param name="TicketId">The listing.</param>
/// <param name="BuyersPerMinute">How many are let through.</param>
internal sealed record Room(Guid TicketId, int BuyersPerMinute);

/// <summary>
/// Which listings have a waiting room, in this replica's memory: an order for one that has none costs a look into a
/// dictionary. Filled by Tickets' events as they come, and read whole from Tickets now and then, so that an event that was
/// lost is missed for seconds only (<see cref="ReadRooms"/>).
/// </summary>
internal sealed class Rooms
{
    private readonly ConcurrentDictionary<Guid, Entry> entries = new();
    private readonly Lock changing = new();
    private readonly TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int reading;
    private bool isReading;
    private volatile bool any;

    /// <summary>Done when Tickets was asked for the first time, whether or not it answered.</summary>
    public Task Known => known.Task;

    /// <summary>Whether there may be a room at all.</summary>
    public bool Any => any;

    public Room? Find(Guid ticketId) =>
        any && entries.TryGetValue(ticketId, out var entry) && entry.BuyersPerMinute is { } rate ? new(ticketId, rate) : null;

    /// <summary>A listing changed, or is new, or gone; an older version than the one at hand is ignored.</summary>
    public void Changed(Guid ticketId, int? buyersPerMinute, int version)
    {
        lock (changing)
        {
            var has = entries.TryGetValue(ticketId, out var entry);
            // Of a listing without a room there is nothing to keep, but for what is being read now and may be older.
            if (has ? entry!.Version < version : buyersPerMinute is not null || isReading)
                Set(ticketId, new Entry(buyersPerMinute, version, reading));
        }
    }

    /// <summary>From here on until <see cref="EndReading"/> what events tell is newer than what is read.</summary>
    public void BeginReading()
    {
        lock (changing)
            (isReading, reading) = (true, reading + 1);
    }

    /// <summary>Takes what was read; null if it could not be.</summary>
    public void EndReading(IReadOnlyCollection<WaitingRoomResponse>? rooms)
    {
        lock (changing)
        {
            isReading = false;
            foreach (var room in rooms ?? [])
            {
                var older = !entries.TryGetValue(room.TicketId, out var entry) || entry.Version < room.Version;
                Set(room.TicketId, older ? new Entry(room.BuyersPerMinute, room.Version, reading) : entry! with { Reading = reading });
            }
            if (rooms is not null)
            {
                foreach (var (ticketId, entry) in entries)
                {
                    if (entry.Reading < reading)
                        entries.TryRemove(ticketId, out _);
                }
            }
            any = !entries.IsEmpty;
        }
        known.TrySetResult();
    }

    private void Set(Guid ticketId, Entry entry)
    {
        entries[ticketId] = entry;
        any = true;
    }

    /// <param name="BuyersPerMinute">Null: the room was closed.</param>
    /// <param name="Version">The listing's.</param>
    /// <param name="Reading">During or after which reading it came: what a later one does not show is gone.</param>
    private sealed record Entry(int? BuyersPerMinute, int Version, int Reading);
}
