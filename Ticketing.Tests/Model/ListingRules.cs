using Ticketing.Contracts;

namespace Ticketing.Tests.Model;

/// <summary>What Tickets is to do.</summary>
internal static class ListingRules
{
    public static Outcome Apply(State state, Offer offer)
    {
        var listing = new Listing(offer.Quantity, offer.Price, 0, false, 0, 0);
        return new Outcome(
            state with { Listings = state.Listings.Add(listing) }, 201, [News(nameof(TicketCreated), state.Listings.Count, listing)]);
    }

    public static Outcome Apply(State state, Edit edit, Listing listing) => listing switch
    {
        { Deleted: true } => new Outcome(state, 404),
        { Held: > 0 } => new Outcome(state, 400),
        _ when edit.Quantity < listing.Sold => new Outcome(state, 400),
        _ => Change(state, state.ListingNumber(edit.Listing), nameof(TicketUpdated), 200, listing with
        {
            Quantity = edit.Quantity ?? listing.Quantity,
            Price = edit.Price ?? listing.Price,
        }),
    };

    public static Outcome Apply(State state, Withdraw withdraw, Listing listing) => listing switch
    {
        { Deleted: true } => new Outcome(state, 404),
        { Held: > 0 } or { Sold: > 0 } => new Outcome(state, 400),
        _ => Change(state, state.ListingNumber(withdraw.Listing), nameof(TicketDeleted), 204, listing with { Deleted = true }),
    };

    /// <summary>Orders has sold more than the seller left.</summary>
    public static Outcome Hear(State state, Correction correction) =>
        state.Listings[correction.Listing] is { Deleted: false } listing
        && listing.Version == correction.Version && listing.Quantity < correction.Quantity
            ? Change(state, correction.Listing, nameof(TicketUpdated), null, listing with { Quantity = correction.Quantity })
            : new Outcome(state);

    /// <summary>The newest state of an order counts, and the totals follow it.</summary>
    public static Outcome Hear(State state, OrderNews news)
    {
        var before = state.Reservations.GetValueOrDefault(news.Number);
        if (before?.Version >= news.Version)
            return new Outcome(state);
        var after = new Reservation(
            news.Status switch { OrderStatus.Complete => "sold", OrderStatus.Cancelled => "freed", _ => "held" }, news.Version);
        var listing = state.Listings[news.Listing];
        return new Outcome(state with
        {
            Reservations = state.Reservations.SetItem(news.Number, after),
            Listings = state.Listings.SetItem(news.Listing, listing with
            {
                Held = listing.Held + Of(after, "held") - Of(before, "held"),
                Sold = listing.Sold + Of(after, "sold") - Of(before, "sold"),
            }),
        });

        int Of(Reservation? reservation, string held) => reservation?.State == held ? news.Quantity : 0;
    }

    private static Outcome Change(State state, int number, string what, int? answer, Listing changed)
    {
        changed = changed with { Version = changed.Version + 1 };
        return new Outcome(state with { Listings = state.Listings.SetItem(number, changed) }, answer, [News(what, number, changed)]);
    }

    private static ListingNews News(string type, int number, Listing listing) =>
        new(type, number, listing.Quantity, listing.Price, listing.Version);
}
