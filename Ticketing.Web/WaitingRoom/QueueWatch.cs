using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Live;

namespace Ticketing.Web.WaitingRoom;

/// <summary>
/// Tells those who wait at a page of this replica how the line moves, once a second; that is their sign of life too. One
/// call to Redis for up to <see cref="Line.MostLooks"/> of them. And it says that the site is there (<see cref="RoomClock"/>).
/// </summary>
internal sealed class QueueWatch(Turnstile turnstile, IHubContext<LiveHub> hub, TimeProvider time, ILogger<QueueWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Watchers<(Guid TicketId, Guid UserId)> watchers = new();

    /// <summary>What was told last.</summary>
    private readonly ConcurrentDictionary<(Guid TicketId, Guid UserId), Place> told = new();

    /// <summary>One more page of this user's shows the line.</summary>
    public void Begin(Guid ticketId, Guid userId)
    {
        told.TryRemove((ticketId, userId), out _);
        watchers.Begin((ticketId, userId));
    }

    /// <summary>One page less.</summary>
    public void End(Guid ticketId, Guid userId)
    {
        if (watchers.End((ticketId, userId)))
            told.TryRemove((ticketId, userId), out _);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, time, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await turnstile.SayHereAsync();
            foreach (var room in watchers.Keys.GroupBy(watcher => watcher.TicketId, watcher => watcher.UserId))
            {
                foreach (var users in room.Chunk(Line.MostLooks))
                    await TellAsync(room.Key, users, stoppingToken);
            }
        }
    }

    private async Task TellAsync(Guid ticketId, Guid[] users, CancellationToken stoppingToken)
    {
        var places = await turnstile.LookAsync(ticketId, users);
        foreach (var (index, userId) in users.Index())
        {
            var place = places?[index] ?? Place.Open;
            var before = told.GetValueOrDefault((ticketId, userId));
            if (before?.Standing == place.Standing && before.Position == place.Position)
                continue;
            told[(ticketId, userId)] = place;
            await hub.TellUserAsync(userId, LiveHub.QueueMessage, () => QueueView.Of(ticketId, place), stoppingToken);
        }
    }
}
