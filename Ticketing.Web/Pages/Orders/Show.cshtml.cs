using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Live;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Pages.Parts;
using Ticketing.Web.Pages.Tickets;
using Ticketing.Web.Services;
using Ticketing.Web.WaitingRoom;

namespace Ticketing.Web.Pages.Orders;

[Authorize]
internal sealed class ShowModel(
    OrderWatch watch, OrdersClient orders, OrderDesk desk, PaymentsClient payments, TicketsClient tickets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    /// <summary><c>done</c> for a buyer who comes from the payment page, having paid there.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Checkout { get; init; }

    /// <summary>Made anew with each page, so that a double click on Reserve again is one order.</summary>
    [BindProperty]
    public Guid Key { get; set; } = Guid.CreateVersion7();

    public OrderResponse? Order { get; private set; }

    /// <summary>What is ordered, as it is now, withdrawn or not; null while Tickets is away.</summary>
    public TicketResponse? Listing { get; private set; }

    /// <summary>The order's state as the script will go on from.</summary>
    public OrderView? View { get; private set; }

    /// <summary>A paid order's tickets; null while Tickets has not heard that it is paid.</summary>
    public IReadOnlyList<Admission>? Admissions { get; private set; }

    /// <summary>What the countdown says when the page is made, e.g. <c>0:59</c>.</summary>
    public string TimeLeft => Words.TimeLeft(View!.ExpiresAt - View.Now);

    /// <summary>How much of the hold is left, in hundredths.</summary>
    public int HundredthsLeft => (int)Math.Clamp(
        100 * ((View!.ExpiresAt - View.Now) / (View.ExpiresAt - Order!.CreatedAt)), 0, 100);

    public long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var cameBack = Checkout == "done";
        var order = await watch.GetAsync(Id, cameBack, cancellationToken);
        if (!order.Ok)
            return this.Refused(order);
        // So that a reload, a bookmark or the way back has nothing to do with how one came here.
        if (cameBack && order.Value.Status is OrderStatus.Complete or OrderStatus.Cancelled)
            return RedirectToPage(new { Id, Checkout = (string?)null });
        Order = order.Value;
        View = await watch.ViewAsync(Order, cameBack, cancellationToken);
        Listing = await tickets.GetOrderedAsync(Order, cancellationToken).IfThereAsync();
        if (Order.Status == OrderStatus.Complete)
            Admissions = await Admission.FindAsync(tickets, Order, Listing, cancellationToken);
        return Page();
    }

    /// <summary>The tickets alone, for a page that was open while its order was paid.</summary>
    public async Task<IActionResult> OnGetTicketsAsync(CancellationToken cancellationToken)
    {
        var order = await orders.GetAsync(Id, cancellationToken);
        if (!order.Ok)
            return this.Refused(order);
        var listing = await tickets.GetOrderedAsync(order.Value, cancellationToken).IfThereAsync();
        Response.Headers.CacheControl = "no-store";
        return await Admission.FindAsync(tickets, order.Value, listing, cancellationToken) is { } admissions
            ? Partial("_Admissions", admissions)
            : new NoContentResult();
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

    /// <summary>
    /// The same tickets once more, after an order that came to nothing. Whoever asks for them from an older page, while money for
    /// the first order may still be taken, is shown how that stands instead: nobody pays twice.
    /// </summary>
    public async Task<IActionResult> OnPostAgainAsync(CancellationToken cancellationToken)
    {
        var before = await orders.GetAsync(Id, cancellationToken);
        if (!before.Ok)
            return this.Refused(before);
        if (!(await watch.ViewAsync(before.Value, cameBack: false, cancellationToken)).CameToNothing)
            return RedirectToPage(new { Id });
        var (ticketId, quantity) = (before.Value.Ticket.Id, before.Value.Quantity);
        // The price that this page shows is the one of then.
        var seen = new SeenPrice(before.Value.Ticket.Price, before.Value.Currency);
        if (await tickets.GetAsync(ticketId, cancellationToken).IfThereAsync() is { } listing && seen.ChangeTo(listing) is { } change)
        {
            this.Warn(change);
            return RedirectToPage("/Tickets/Show", pageHandler: "", new { Id = ticketId, quantity });
        }
        var (place, order) = await desk.PlaceAsync(ticketId, quantity, seen.Amount, Key.ToString(), User.UserId(), cancellationToken);
        if (order is null)
            return QueueModel.Of(this, ticketId, quantity, place);
        return order.Ok ? RedirectToPage(new { order.Value.Id }) : await ShowErrorsAsync(order, cancellationToken);
    }

    private async Task<IActionResult> ShowErrorsAsync<T>(ServiceAnswer<T> answer, CancellationToken cancellationToken)
        where T : class =>
        this.RefusedUnlessShown(answer) ?? await OnGetAsync(cancellationToken);
}
