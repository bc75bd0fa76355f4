using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Orders;

[Authorize]
internal sealed class IndexModel(OrdersClient orders) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; init; }

    public IReadOnlyList<OrderResponse> Orders { get; private set; } = [];

    public string? NextCursor { get; private set; }

    /// <summary>The colour of an order's state, which its words say too.</summary>
    public string ToneOf(OrderResponse order) => (order.Status, order.Reason) switch
    {
        (OrderStatus.Complete, _) => "good",
        (OrderStatus.Created or OrderStatus.AwaitingPayment, _) => "accent",
        (_, CancelReason.PaymentFailed) => "bad",
        _ => "",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var page = await orders.ListAsync(Cursor, cancellationToken);
        if (!page.Ok)
            return this.Refused(page);
        (Orders, NextCursor) = (page.Value, page.NextCursor);
        return Page();
    }
}
