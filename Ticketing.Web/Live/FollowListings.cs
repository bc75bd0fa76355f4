using MassTransit;
using Microsoft.AspNetCore.OutputCaching;
using Ticketing.Contracts;
using Ticketing.Web.Forwarding;
using Ticketing.Web.WaitingRoom;

namespace Ticketing.Web.Live;

/// <summary>
/// What each replica notes of a listing that was made, changed or deleted, by whichever replica: that its waiting room opens,
/// closes, or lets more or fewer through; and that what is kept about listings is no longer so.
/// </summary>
internal sealed class FollowListings(Rooms rooms, IOutputCacheStore kept)
    : IConsumer<TicketCreated>, IConsumer<TicketUpdated>, IConsumer<TicketDeleted>
{
    public Task Consume(ConsumeContext<TicketCreated> context) =>
        NoteAsync(context.Message.Listing, context.Message.Listing.BuyersPerMinute, context.CancellationToken);

    public Task Consume(ConsumeContext<TicketUpdated> context) =>
        NoteAsync(context.Message.Listing, context.Message.Listing.BuyersPerMinute, context.CancellationToken);

    public Task Consume(ConsumeContext<TicketDeleted> context) =>
        NoteAsync(context.Message.Listing, buyersPerMinute: null, context.CancellationToken);

    private Task NoteAsync(ListingState listing, int? buyersPerMinute, CancellationToken cancellationToken)
    {
        rooms.Changed(listing.Id, buyersPerMinute, listing.Version);
        return ListingCache.ForgetAsync(kept, cancellationToken);
    }
}
