using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Tickets;

[Authorize]
internal sealed class EditModel(TicketsClient tickets) : PageModel, IListingPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    [BindProperty]
    public ListingForm Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var listing = await tickets.GetAsync(Id, cancellationToken);
        if (!listing.Ok)
            return this.Refused(listing);
        if (listing.Value.UserId != User.UserId())
            return StatusCode(StatusCodes.Status403Forbidden);
        Form = ListingForm.Of(listing.Value);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Form.ToJson(ModelState) is { } listing)
        {
            var updated = await tickets.UpdateAsync(Id, listing, cancellationToken);
            if (updated.Ok)
                return RedirectToPage("/Tickets/Show", new { Id });
            if (!updated.IsBadRequest)
                return this.Refused(updated);
            this.Show(updated);
        }
        Form = Form.InUtc();
        return Page();
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = await tickets.DeleteAsync(Id, cancellationToken);
        if (deleted.Ok)
            return RedirectToPage("/Selling");
        if (!deleted.IsBadRequest)
            return this.Refused(deleted);

        // The delete button's form has no fields: show the listing as it is, with the reason.
        ModelState.Clear();
        var page = await OnGetAsync(cancellationToken);
        this.Show(deleted);
        return page;
    }
}
