using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Tickets;

internal sealed class ShowModel(TicketsClient tickets, OrdersClient orders) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    [BindProperty]
    public ReserveForm Form { get; init; } = new();

    /// <summary>Made anew with each page, so that a double click on Reserve is one order.</summary>
    [BindProperty]
    public Guid Key { get; set; } = Guid.CreateVersion7();

    public TicketResponse? Ticket { get; private set; }

    public bool IsSeller => User.Identity is { IsAuthenticated: true } && User.UserId() == Ticket!.UserId;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var listing = await tickets.GetAsync(Id, cancellationToken);
        Ticket = listing.Value;
        return listing.Ok ? Page() : this.Refused(listing);
    }

    /// <summary>Reserve.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (User.Identity is not { IsAuthenticated: true })
            return RedirectToPage("/SignIn", new { returnUrl = Url.Page("/Tickets/Show", new { Id }) });

        if (!int.TryParse(Form.Quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
        {
            ModelState.AddModelError("Form.Quantity", "A whole number from 1 to 10.");
            return await OnGetAsync(cancellationToken);
        }
        var order = await orders.PlaceAsync(Id, quantity, Key.ToString(), cancellationToken);
        if (order.Ok)
            return RedirectToPage("/Orders/Show", new { order.Value.Id });
        if (!order.IsBadRequest)
            return this.Refused(order);
        // A refused order leaves the key unused at Orders, but another quantity under it would be refused for the key.
        ModelState.Remove(nameof(Key));
        Key = Guid.CreateVersion7();
        this.Show(order);
        return await OnGetAsync(cancellationToken);
    }

    internal sealed record ReserveForm
    {
        public string? Quantity { get; init; } = "1";
    }
}
