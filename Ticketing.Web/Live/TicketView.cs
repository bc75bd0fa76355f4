using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Live;

/// <summary>What an open ticket page shows of a listing that can change, in the site's words.</summary>
/// <param name="Id">The listing.</param>
/// <param name="Available">How many can be reserved.</param>
/// <param name="Left">The same in words.</param>
/// <param name="Price">Price of one, with its currency.</param>
internal sealed record TicketView(Guid Id, int Available, string Left, string Price)
{
    public static TicketView Of(TicketResponse ticket) =>
        new(ticket.Id, ticket.Available, Words.Left(ticket.Available), Words.Money(ticket.Price, ticket.Currency));

    /// <summary>A listing that was deleted.</summary>
    public static TicketView Gone(Guid id) => new(id, 0, Texts.Shared("No longer for sale"), "");
}
