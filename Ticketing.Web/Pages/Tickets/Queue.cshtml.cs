using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Pages.Parts;
using Ticketing.Web.Services;
using Ticketing.Web.WaitingRoom;

namespace Ticketing.Web.Pages.Tickets;

/// <summary>The visitor's place in the line for a listing. Whoever is not waiting is led on to the listing.</summary>
[Authorize]
internal sealed class QueueModel(TicketsClient tickets, Turnstile turnstile) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    /// <summary>How many tickets it is for; kept for when it is the visitor's turn.</summary>
    [BindProperty(SupportsGet = true)]
    public int Quantity { get; init; } = 1;

    /// <summary>The position in which the visitor joined, for the progress; the address has it, and it means nothing else.</summary>
    [BindProperty(SupportsGet = true)]
    public long From { get; set; }

    public TicketResponse? Ticket { get; private set; }

    public QueueView? View { get; private set; }

    /// <summary>Where an order leads that must wait.</summary>
    public static IActionResult Of(PageModel page, Guid ticketId, int quantity, Place place) => place.Standing == Standing.Full
        ? page.StatusCode(StatusCodes.Status503ServiceUnavailable)
        : page.RedirectToPage("/Tickets/Queue", pageHandler: "", new { Id = ticketId, Quantity = quantity, From = place.Position });

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var listing = await tickets.GetAsync(Id, cancellationToken);
        if (!listing.Ok)
            return this.Refused(listing);
        Ticket = listing.Value;
        var place = await turnstile.LookAsync(Id, User.UserId());
        if (place.Standing == Standing.Absent)
            this.Notice(Texts.Shared("You are not in line. Reserve to join at its end."));
        if (place.Standing != Standing.Waiting)
            return RedirectToPage("/Tickets/Show", new { Id, Quantity });
        View = QueueView.Of(Id, place);
        From = Math.Clamp(From, place.Position, Line.Most);
        Response.Headers.CacheControl = "no-store";
        return Page();
    }

    public async Task<IActionResult> OnPostLeaveAsync()
    {
        await turnstile.LeaveAsync(Id, User.UserId());
        this.Notice(Texts.Shared("You left the line."));
        return RedirectToPage("/Tickets/Show", pageHandler: "", new { Id });
    }
}
