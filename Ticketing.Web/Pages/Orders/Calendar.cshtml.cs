using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Ticketing.Contracts;
using Ticketing.Web.Admissions;
using Ticketing.Web.Headers;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Orders;

/// <summary>A paid order's event for the buyer's calendar; 404 if nobody knows when it starts.</summary>
[Authorize]
internal sealed class CalendarModel(OrdersClient orders, TicketsClient tickets, IOptions<SiteOptions> site, TimeProvider time) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var order = await orders.GetAsync(Id, cancellationToken);
        if (!order.Ok)
            return this.Refused(order);
        var listing = (await tickets.GetOrderedAsync(order.Value, cancellationToken)).Value;
        if (order.Value.Status != OrderStatus.Complete || listing?.StartsAt is not { } startsAt)
            return NotFound();

        var page = site.Value.PublicOrigin + Url.Page("/Orders/Show", new { Id });
        var file = new CalendarFile(
            Id, listing.Version, time.GetUtcNow(), startsAt, listing.Title,
            Texts.Shared("Your tickets: {0}", page), listing.Venue, page);
        return File(Encoding.UTF8.GetBytes(file.ToString()), "text/calendar; charset=utf-8", "event.ics");
    }
}
