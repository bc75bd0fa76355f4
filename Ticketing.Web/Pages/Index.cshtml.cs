using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

internal sealed class IndexModel(TicketsClient tickets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; init; }

    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; init; }

    public IReadOnlyList<TicketResponse> Listings { get; private set; } = [];

    public string? NextCursor { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var page = await tickets.ListAsync(Q, seller: null, Cursor, cancellationToken);
        ModelState.AddErrors(page.Errors);
        Listings = page.Value ?? [];
        NextCursor = page.NextCursor;
    }
}
