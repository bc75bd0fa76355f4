using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Tickets;

[Authorize]
internal sealed class NewModel(TicketsClient tickets) : PageModel, IListingPage
{
    [BindProperty]
    public ListingForm Form { get; set; } = new();

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Form.ToJson(ModelState) is { } listing)
        {
            var created = await tickets.CreateAsync(listing, cancellationToken);
            if (created.Ok)
                return RedirectToPage("/Tickets/Show", new { created.Value.Id });
            this.Show(created);
        }
        Form = Form.InUtc();
        return Page();
    }
}
