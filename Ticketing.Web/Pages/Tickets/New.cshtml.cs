using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Pages.Parts;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Tickets;

[Authorize]
internal sealed class NewModel(TicketsClient tickets) : PageModel, IListingPage
{
    [BindProperty]
    public ListingForm Form { get; set; } = new();

    public string Currency => "usd";

    /// <summary>Empty, or with what was typed before somebody else signed in.</summary>
    public void OnGet() => Form = Form.InUtc();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Form.ToJson(ModelState) is { } listing)
        {
            var created = await tickets.CreateAsync(listing, cancellationToken);
            if (created.Ok)
            {
                this.Notice($"{Texts.Shared("Your tickets are on sale.")} {CardWarning.Of(created.Value)}".TrimEnd());
                return RedirectToPage("/Tickets/Show", new { created.Value.Id });
            }
            this.Show(created);
        }
        Form = Form.InUtc();
        return Page();
    }
}
