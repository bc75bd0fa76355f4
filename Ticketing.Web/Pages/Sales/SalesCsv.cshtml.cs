using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Sales;

/// <summary>
/// The seller's books as a file: a line for each day, listing and currency, newest first. Fetched and sent a page at a time,
/// so that a long year costs no memory; if Tickets fails in the middle the connection breaks, and no browser keeps half a file.
/// </summary>
[Authorize]
internal sealed class SalesCsvModel(SellingClient selling) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int Days { get; init; } = SellingModel.DefaultDays;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var page = await selling.EntriesAsync(Days, cursor: null, cancellationToken);
        if (!page.Ok)
            return this.Refused(page);

        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=\"sales.csv\"";
        Response.Headers.CacheControl = "no-store";
        await WriteAsync(Csv.ByteOrderMark + Csv.Line(
            Texts.Shared("Day"), Texts.Shared("Listing"), Texts.Shared("Title"), Texts.Shared("Currency"),
            Texts.Shared("Tickets"), Texts.Shared("Amount")));
        while (true)
        {
            await WriteAsync(string.Concat(page.Value!.Select(entry => Csv.Line(
                entry.Day, entry.TicketId.ToString(), entry.Title, entry.Currency.ToUpperInvariant(), entry.Tickets, entry.Amount))));
            if (page.NextCursor is null)
                return new EmptyResult();
            page = await selling.EntriesAsync(Days, page.NextCursor, cancellationToken);
            if (!page.Ok)
                throw new ServiceDownException("tickets");
        }

        Task WriteAsync(string text) => Response.WriteAsync(text, Encoding.UTF8, cancellationToken);
    }
}
