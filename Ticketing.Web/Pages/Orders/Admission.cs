using Ticketing.Contracts.Api;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Orders;

/// <summary>One ticket as it is shown and printed: its code, and what it is for.</summary>
/// <param name="Ticket">The ticket with its codes.</param>
/// <param name="Title">The event.</param>
/// <param name="Venue">Where, if the seller said so.</param>
/// <param name="StartsAt">When, if the seller said so.</param>
internal sealed record Admission(AdmissionResponse Ticket, string Title, string? Venue, DateTimeOffset? StartsAt)
{
    /// <summary>A paid order's tickets; null while Tickets, which is told after Orders, has none for it or is away.</summary>
    /// <param name="tickets">The service.</param>
    /// <param name="order">The order.</param>
    /// <param name="listing">What was ordered, as it is now; null while Tickets is away.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<Admission>?> FindAsync(
        TicketsClient tickets, OrderResponse order, TicketResponse? listing, CancellationToken cancellationToken)
    {
        var admissions = await tickets.GetAdmissionsAsync(order.Id, cancellationToken).IfThereAsync();
        return admissions?.Select(ticket => new Admission(
            ticket, listing?.Title ?? order.Ticket.Title, listing?.Venue, listing?.StartsAt)).ToList();
    }
}
