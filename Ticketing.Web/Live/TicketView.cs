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
    public static TicketView Of(TicketResponse ticket) =>
        new(ticket.Id, ticket.Available, Words.Stock(ticket.Available), Words.Left(ticket.Available), Words.Badge(ticket.Available),
            Words.Money(ticket.Price, ticket.Currency));

    /// <summary>A listing that was deleted.</summary>
    public static TicketView Gone(Guid id) => new(id, 0, Words.Stock(0), Texts.Shared("No longer for sale"), Texts.Shared("No longer for sale"), "");
}
