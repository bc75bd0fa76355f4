using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Web.WaitingRoom;

/// <summary>Notes at this replica that a listing's waiting room opens, closes, or lets more or fewer through.</summary>
internal sealed class FollowRooms(Rooms rooms) : IConsumer<TicketCreated>, IConsumer<TicketUpdated>, IConsumer<TicketDeleted>
{
    public Task Consume(ConsumeContext<TicketCreated> context) =>
        NoteAsync(context.Message.Listing, context.Message.Listing.BuyersPerMinute);

    public Task Consume(ConsumeContext<TicketUpdated> context) =>
        NoteAsync(context.Message.Listing, context.Message.Listing.BuyersPerMinute);

    public Task Consume(ConsumeContext<TicketDeleted> context) => NoteAsync(context.Message.Listing, buyersPerMinute: null);

    private Task NoteAsync(ListingState listing, int? buyersPerMinute)
    {
        rooms.Changed(listing.Id, buyersPerMinute, listing.Version);
        return Task.CompletedTask;
    }
}
