using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

[Authorize]
internal sealed class SellingModel(TicketsClient tickets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; init; }

    public IReadOnlyList<TicketResponse> Listings { get; private set; } = [];

    public string? NextCursor { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var page = await tickets.ListOfAsync(User.UserId(), Cursor, cancellationToken);
        if (!page.Ok)
            return this.Refused(page);
        (Listings, NextCursor) = (page.Value, page.NextCursor);
        return Page();
    }
}
