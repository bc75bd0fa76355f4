using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Pages.Parts;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Tickets;

[Authorize]
internal sealed class EditModel(TicketsClient tickets, SellingClient selling) : PageModel, IListingPage
{
    /// <summary>How often the listing is compared, should it change between the look and the save again and again.</summary>
    private const int MostAttempts = 3;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    [BindProperty]
    public ListingForm Form { get; set; } = new();

    public string Currency { get; private set; } = "usd";

    /// <summary>How the price changed, newest first; empty if it never did, or if that cannot be told now.</summary>
    public IReadOnlyList<PriceChange> Prices { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var listing = await tickets.GetAsync(Id, cancellationToken);
        if (RefuseOther(listing) is { } refusal)
            return refusal;
        // What was typed into this page before somebody else signed in stays.
        Form = Form.Origin is null ? ListingForm.Of(listing.Value!) with { Origin = ListingEdit.OriginOf(listing.Value!) } : Form.InUtc();
        await ReadPricesAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var listing = await tickets.GetAsync(Id, cancellationToken);
            if (RefuseOther(listing) is { } refusal)
                return refusal;
            if (Form.ToJson(ModelState) is not { } typed)
                break;
            var edit = new ListingEdit(Form, typed, listing.Value!);
            if (edit.IsOutdated)
            {
                Form = edit.Tell(ModelState);
                break;
            }
            if (edit.Changes.Count == 0)
            {
                this.Notice(Texts.Shared("Nothing was changed."));
                return RedirectToPage("/Tickets/Show", new { Id });
            }
            // What was compared is what is changed: Tickets refuses if a change came in between.
            edit.Changes["version"] = listing.Value!.Version;
            var updated = await tickets.UpdateAsync(Id, edit.Changes, cancellationToken);
            if (updated.Ok)
            {
                this.Notice($"{Texts.Shared("Your changes are saved.")} {CardWarning.Of(updated.Value)}".TrimEnd());
                return RedirectToPage("/Tickets/Show", new { Id });
            }
            if (updated.CurrentVersion is not null && attempt < MostAttempts)
                continue;
            if (this.RefusedUnlessShown(updated) is { } refused)
                return refused;
            break;
        }
        Form = Form.InUtc();
        await ReadPricesAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = await tickets.DeleteAsync(Id, cancellationToken);
        if (deleted.Ok)
        {
            this.Notice(Texts.Shared("Your listing is deleted."));
            return RedirectToPage("/Selling");
        }
        // Nothing was typed: the listing is shown as it is, with the reason.
        Form = new();
        ModelState.Clear();
        return this.RefusedUnlessShown(deleted) ?? await OnGetAsync(cancellationToken);
    }

    /// <summary>An answer for who may not edit it; null for its seller, whose listing then says the currency.</summary>
    private IActionResult? RefuseOther(ServiceAnswer<TicketResponse> listing)
    {
        if (!listing.Ok)
            return this.Refused(listing);
        Currency = listing.Value.Currency;
        return listing.Value.UserId == User.UserId() ? null : StatusCode(StatusCodes.Status403Forbidden);
    }

    private async Task ReadPricesAsync(CancellationToken cancellationToken)
    {
        try
        {
            Prices = (await selling.PricesAsync(Id, cancellationToken)).Value ?? [];
        }
        catch (ServiceDownException)
        {
            // An extra: what was typed matters more, and the form can do without.
            Prices = [];
        }
    }
}
