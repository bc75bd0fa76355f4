using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Orders;

/// <summary>A paid order's tickets for paper, one per sheet.</summary>
[Authorize]
internal sealed class PrintModel(OrdersClient orders, TicketsClient tickets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    public OrderResponse? Order { get; private set; }

    public IReadOnlyList<Admission> Admissions { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var order = await orders.GetAsync(Id, cancellationToken);
        if (!order.Ok)
            return this.Refused(order);
        Order = order.Value;
        var listing = await tickets.GetOrderedAsync(Order, cancellationToken).IfThereAsync();
        if (await Admission.FindAsync(tickets, Order, listing, cancellationToken) is not { } admissions)
            // The order's page says how it stands with them.
            return RedirectToPage("/Orders/Show", new { Id });
        Admissions = admissions;
        return Page();
    }
}
