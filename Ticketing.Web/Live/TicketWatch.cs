using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Live;

/// <summary>
/// Tells the pages that show a ticket what Tickets says of it, at most four times a second however often it changes and once for
/// all who watch. Tickets is not asked: a page that missed something asks by itself now and then.
/// </summary>
internal sealed class TicketWatch(IHubContext<LiveHub> hub, TimeProvider time, ILogger<TicketWatch> logger)
    : BackgroundService, IHandleEvents<AvailabilityChanged>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Watchers<Guid> watchers = new();

    /// <summary>Of tickets that somebody watches.</summary>
    private readonly ConcurrentDictionary<Guid, Availability> newest = new();

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>One more page shows the ticket.</summary>
    public void Begin(Guid ticketId) => watchers.Begin(ticketId);

    /// <summary>One page less shows it.</summary>
    public void End(Guid ticketId) => watchers.End(ticketId);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<AvailabilityChanged>> events, CancellationToken cancellationToken)
    {
        foreach (var (changed, _) in events.Where(received => watchers.Contains(received.Event.TicketId)))
        {
            newest.AddOrUpdate(changed.TicketId, _ => new(changed, IsTold: false), (_, known) => known.OrNewer(changed));
            wake.Writer.TryWrite(true);
        }
        return Task.CompletedTask;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, time, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await wake.Reader.ReadAsync(stoppingToken))
        {
            await Task.WhenAll(newest.Select(known => TellAsync(known, stoppingToken)));
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private Task TellAsync(KeyValuePair<Guid, Availability> known, CancellationToken stoppingToken)
    {
        var (ticketId, availability) = known;
        if (!watchers.Contains(ticketId))
        {
            newest.TryRemove(known);
            return Task.CompletedTask;
        }
        // If it has changed meanwhile, the next round tells the newer one.
        return !availability.IsTold && newest.TryUpdate(ticketId, availability with { IsTold = true }, availability)
            ? hub.TellAboutTicketAsync(ticketId, () => TicketView.Of(availability.Newest), stoppingToken)
            : Task.CompletedTask;
    }

    /// <param name="Newest">What Tickets said last, in the order of its versions.</param>
    /// <param name="IsTold">Whether the pages were told.</param>
    private sealed record Availability(AvailabilityChanged Newest, bool IsTold)
    {
        /// <summary>Events overtake each other: an older one that comes late changes nothing.</summary>
        public Availability OrNewer(AvailabilityChanged changed) => changed.Version <= Newest.Version
            ? this
            : new(changed, IsTold && changed with { Version = Newest.Version } == Newest);
    }
}
