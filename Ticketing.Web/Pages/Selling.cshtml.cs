using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

/// <summary>What a seller sells and has sold.</summary>
[Authorize]
internal sealed class SellingModel(SellingClient selling) : PageModel
{
    public const int DefaultDays = 30;

    /// <summary>The periods to choose from, in days.</summary>
    public static IReadOnlyList<int> Periods { get; } = [7, DefaultDays, 90, 365];

    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; init; }

    [BindProperty(SupportsGet = true)]
    public int Days { get; init; } = DefaultDays;

    public SalesResponse Sales { get; private set; } = null!;

    public IReadOnlyList<SalesOfListing> Listings { get; private set; } = [];

    public string? NextCursor { get; private set; }

    /// <summary>The period as a part of an address; the usual one need not be said.</summary>
    public int? DaysInUrl => Days == DefaultDays ? null : Days;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!Periods.Contains(Days))
            return NotFound();
        var (sales, page) = (selling.SalesAsync(Days, cancellationToken), selling.ListingsAsync(Cursor, cancellationToken));
        await Task.WhenAll(sales, page);
        if (!(await sales).Ok)
            return this.Refused(await sales);
        if (!(await page).Ok)
            return this.Refused(await page);
        (Sales, Listings, NextCursor) = ((await sales).Value!, (await page).Value!, (await page).NextCursor);
        return Page();
    }

    /// <summary>By how much it is more or less than in as many days before, in percent; null if there was nothing to compare with.</summary>
    public int? ChangeOf(SalesTotal total) =>
        Sales.Previous.FirstOrDefault(before => before.Currency == total.Currency) is { Amount: > 0 } previous
            ? (int)Math.Round(Math.Clamp((total.Amount / previous.Amount - 1) * 100, -100, 9_999))
            : null;
}
