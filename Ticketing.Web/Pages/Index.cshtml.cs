using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Browse;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

/// <summary>Browse: search, filters, order, and a page of what is found.</summary>
internal sealed class IndexModel(TicketsClient tickets, TimeProvider time) : PageModel
{
    /// <summary>The orders that one can choose, and what they are called.</summary>
    public static IReadOnlyList<(string Value, string Label)> Sorts { get; } =
        [("", "Newest"), ("soonest", "Soonest"), ("price-asc", "Price: low to high"), ("price-desc", "Price: high to low")];

    [BindProperty(SupportsGet = true, Name = "")]
    public ListingQuery Query { get; init; } = new();

    public IReadOnlyList<Days> Choices => Days.On(VisitorZone.Today(Request, time));

    public IReadOnlyList<TicketResponse> Listings { get; private set; } = [];

    public string? NextCursor { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (Query.HasAmbiguousPrice)
        {
            ModelState.AddModelError("", Amount.Ambiguous);
            return;
        }
        var page = await tickets.SearchAsync(Query.ForTickets(), cancellationToken);
        ModelState.AddErrors(page.Errors);
        Listings = page.Value ?? [];
        NextCursor = page.NextCursor;
    }
}
