using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Live;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Orders;

[Authorize]
internal sealed class ShowModel(OrdersClient orders, PaymentsClient payments, TimeProvider time) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    public OrderResponse? Order { get; private set; }

    /// <summary>The order's state as the script will go on from.</summary>
    public OrderView? View { get; private set; }

    /// <summary>What the countdown says when the page is made, e.g. <c>0:59</c>.</summary>
    public string TimeLeft
    {
        get
        {
            var seconds = Math.Max(0, (long)Math.Ceiling((View!.ExpiresAt - View.Now).TotalSeconds));
            return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
        }
    }

    public long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var order = await orders.GetAsync(Id, cancellationToken);
        if (!order.Ok)
            return this.Refused(order);
        Order = order.Value;
        View = OrderView.Of(order.Value, time.GetUtcNow());
        return Page();
    }

    public async Task<IActionResult> OnPostPayAsync(CancellationToken cancellationToken)
    {
        var checkout = await payments.CheckoutAsync(Id, cancellationToken);
        if (!checkout.Ok)
            return await ShowErrorsAsync(checkout, cancellationToken);
        Response.Headers.Location = checkout.Value.Url;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    public async Task<IActionResult> OnPostCancelAsync(CancellationToken cancellationToken)
    {
        var cancelled = await orders.CancelAsync(Id, cancellationToken);
        return cancelled.Ok ? RedirectToPage(new { Id }) : await ShowErrorsAsync(cancelled, cancellationToken);
    }

    private async Task<IActionResult> ShowErrorsAsync<T>(ServiceAnswer<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        if (!answer.IsBadRequest)
            return this.Refused(answer);
        this.Show(answer);
        return await OnGetAsync(cancellationToken);
    }
}
