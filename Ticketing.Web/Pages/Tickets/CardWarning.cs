using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Tickets;

/// <summary>
/// What a seller should know of a price that a card cannot pay in every quantity. The listing is fine: five tickets for 0.10
/// are paid together. While one types, <c>forms.js</c> says the same.
/// </summary>
internal static class CardWarning
{
    /// <summary>The most tickets in one order.</summary>
    public const int MostInOrder = 10;

    /// <summary>The warning in the visitor's language; null if every order of the listing can be paid.</summary>
    public static string? Of(TicketResponse listing)
    {
        var (smallest, currency) = (ChargeLimits.Smallest(listing.Currency), listing.Currency);
        var price = Money.ToMinorUnits(listing.Price)!.Value;
        var most = Math.Min(listing.Quantity, MostInOrder);
        var (atLeast, atMost) = ((smallest + price - 1) / price, ChargeLimits.Largest / price);
        return atMost == 0 ? Texts.Shared("A card pays at most {0} in one order, so nobody can buy these.", Show(ChargeLimits.Largest))
            : atLeast > most ? Texts.Shared("A card pays at least {0} in one order, so nobody can buy these.", Show(smallest))
            : atLeast > 1 ? Texts.Shared("A card needs at least {0} of these in one order.", atLeast)
            : atMost < most ? Texts.Shared("A card can pay for at most {0} of these in one order.", atMost)
            : null;

        string Show(long amount) => Words.Money(Money.FromMinorUnits(amount), currency);
    }
}
