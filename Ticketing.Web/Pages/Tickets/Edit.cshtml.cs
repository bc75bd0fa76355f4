using System.Text.Json.Nodes;
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
        if (!listing.Ok)
            return this.Refused(listing);
        if (listing.Value.UserId != User.UserId())
            return StatusCode(StatusCodes.Status403Forbidden);
        Form = ListingForm.Of(listing.Value);
        Currency = listing.Value.Currency;
        await ReadPricesAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Form.ToJson(ModelState) is { } listing)
        {
            var updated = await tickets.UpdateAsync(Id, await WithoutOthersAsync(listing, cancellationToken), cancellationToken);
            if (updated.Ok)
            {
                this.Notice($"{Texts.Shared("Your changes are saved.")} {CardWarning.Of(updated.Value)}".TrimEnd());
                return RedirectToPage("/Tickets/Show", new { Id });
            }
            if (this.RefusedUnlessShown(updated) is { } refusal)
                return refusal;
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
        // The delete button's form has no fields: show the listing as it is, with the reason.
        ModelState.Clear();
        return this.RefusedUnlessShown(deleted) ?? await OnGetAsync(cancellationToken);
    }

    /// <summary>The waiting room alone, if nothing else is changed: then it may change while tickets are reserved.</summary>
    private async Task<JsonObject> WithoutOthersAsync(JsonObject listing, CancellationToken cancellationToken)
    {
        const string room = "buyersPerMinute";
        if ((await tickets.GetAsync(Id, cancellationToken)).Value is not { } present
            || ListingForm.Of(present).ToJson(new()) is not { } before || JsonNode.DeepEquals(before[room], listing[room]))
        {
            return listing;
        }
        before[room] = listing[room]?.DeepClone();
        return JsonNode.DeepEquals(before, listing) ? new() { [room] = listing[room]?.DeepClone() } : listing;
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
