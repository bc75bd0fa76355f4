using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Tickets;

internal sealed class ShowModel(TicketsClient tickets, OrdersClient orders, WatchesClient watches) : PageModel
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

    /// <summary>Whether the visitor is told when there are tickets again; asked only while there are none.</summary>
    public bool IsWatching { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var listing = await tickets.GetAsync(Id, cancellationToken);
        if (!listing.Ok)
            return this.Refused(listing);
        Ticket = listing.Value;
        if (Ticket.Available == 0 && User.Identity is { IsAuthenticated: true })
            IsWatching = (await watches.GetAsync(Id, cancellationToken)).Value?.Watching == true;
        return Page();
    }

    /// <summary>Notify me.</summary>
    public async Task<IActionResult> OnPostWatchAsync(CancellationToken cancellationToken)
    {
        if (User.Identity is not { IsAuthenticated: true })
            return RedirectToPage("/SignIn", new { returnUrl = Url.Page("/Tickets/Show", new { Id }) });
        var watched = await watches.WatchAsync(Id, cancellationToken);
        if (watched.Ok)
            return RedirectToPage(new { Id });
        // Above all that there are tickets again, in this very moment.
        ModelState.Clear();
        return this.RefusedUnlessShown(watched) ?? await OnGetAsync(cancellationToken);
    }

    /// <summary>Stop waiting.</summary>
    public async Task<IActionResult> OnPostUnwatchAsync(CancellationToken cancellationToken)
    {
        if (User.Identity is not { IsAuthenticated: true })
            return RedirectToPage("/SignIn", new { returnUrl = Url.Page("/Tickets/Show", new { Id }) });
        var ended = await watches.EndAsync(Id, cancellationToken);
        return ended.Ok ? RedirectToPage(new { Id }) : this.Refused(ended);
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
        // A refused order leaves the key unused at Orders, but another quantity under it would be refused for the key.
        ModelState.Remove(nameof(Key));
        Key = Guid.CreateVersion7();
        return this.RefusedUnlessShown(order) ?? await OnGetAsync(cancellationToken);
    }

    internal sealed record ReserveForm
    {
        public string? Quantity { get; init; } = "1";
    }
}
