using Microsoft.AspNetCore.OutputCaching;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Web.Forwarding;
using Ticketing.Web.WaitingRoom;

namespace Ticketing.Web.Live;

/// <summary>
/// What each replica notes of a listing that was made, changed or deleted, by whichever replica: that its waiting room opens,
/// closes, or lets more or fewer through; and that what is kept about listings is no longer so.
/// </summary>
internal sealed class FollowListings(Rooms rooms, IOutputCacheStore kept)
    : IHandleEvents<TicketCreated>, IHandleEvents<TicketUpdated>, IHandleEvents<TicketDeleted>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<TicketCreated>> events, CancellationToken cancellationToken) =>
        NoteAsync(events.Select(created => (created.Event.Listing, created.Event.Listing.BuyersPerMinute)), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<TicketUpdated>> events, CancellationToken cancellationToken) =>
        NoteAsync(events.Select(updated => (updated.Event.Listing, updated.Event.Listing.BuyersPerMinute)), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<TicketDeleted>> events, CancellationToken cancellationToken) =>
        NoteAsync(events.Select(deleted => (deleted.Event.Listing, (int?)null)), cancellationToken);

    private Task NoteAsync(IEnumerable<(ListingState Listing, int? BuyersPerMinute)> changes, CancellationToken cancellationToken)
    {
        foreach (var (listing, buyersPerMinute) in changes)
            rooms.Changed(listing.Id, buyersPerMinute, listing.Version);
        return ListingCache.ForgetAsync(kept, cancellationToken);
    }
}
