using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Live;

/// <summary>What an open ticket page shows of a listing that can change, in the site's words.</summary>
/// <param name="Id">The listing.</param>
/// <param name="Available">How many can be reserved.</param>
/// <param name="Stock">Whether that is <c>none</c>, <c>few</c> or <c>enough</c>.</param>
/// <param name="Left">The same in words.</param>
/// <param name="Badge">The same on a card of a list.</param>
/// <param name="Price">Price of one, with its currency.</param>
internal sealed record TicketView(Guid Id, int Available, string Stock, string Left, string Badge, string Price)
{
    public static TicketView Of(TicketResponse ticket) => Of(ticket.Id, ticket.Available, ticket.Price, ticket.Currency);

    public static TicketView Of(AvailabilityChanged changed) => changed.Withdrawn
        ? Gone(changed.TicketId)
        : Of(changed.TicketId, changed.Available, Money.FromMinorUnits(changed.Price), changed.Currency);

    /// <summary>A listing that was deleted.</summary>
    public static TicketView Gone(Guid id) => new(id, 0, Words.Stock(0), Texts.Shared("No longer for sale"), Texts.Shared("No longer for sale"), "");

    private static TicketView Of(Guid id, int available, decimal price, string currency) =>
        new(id, available, Words.Stock(available), Words.Left(available), Words.Badge(available), Words.Money(price, currency));
}
