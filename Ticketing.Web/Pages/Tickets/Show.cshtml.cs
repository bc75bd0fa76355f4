using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;
using Ticketing.Web.WaitingRoom;

namespace Ticketing.Web.Pages.Tickets;

internal sealed class ShowModel(
    TicketsClient tickets, OrderDesk desk, WatchesClient watches, OpenHolds holds, Turnstile turnstile, TimeProvider time) : PageModel
{
    /// <summary>How often a page tries by itself: for two minutes or so.</summary>
    private const int MostTries = 25;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    [BindProperty]
    public ReserveForm Form { get; set; } = new();

    /// <summary>Made anew with each page, so that a double click on Reserve is one order.</summary>
    [BindProperty]
    public Guid Key { get; set; } = Guid.CreateVersion7();

    /// <summary>The price that the page showed (<see cref="SeenPrice"/>): it is agreed to, and no other.</summary>
    [BindProperty]
    public string? Price { get; init; }

    /// <summary>How often the page has tried in vain, by itself, to reserve.</summary>
    [BindProperty]
    public int Tries { get; set; }

    /// <summary>After how many seconds the page tries again by itself, where too many are ordering.</summary>
    public long? RetryIn { get; private set; }

    public TicketResponse? Ticket { get; private set; }

    /// <summary>What the visitor holds of it and has not paid.</summary>
    public OrderResponse? Hold { get; private set; }

    /// <summary>Whether the quantity was chosen before a detour: signing in, waiting in line, a changed price.</summary>
    public bool IsChosen { get; private set; }

    public bool IsSeller => User.Identity is { IsAuthenticated: true } && User.UserId() == Ticket!.UserId;

    /// <summary>Whether the visitor is told when there are tickets again; asked only while there are none.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Where the visitor stands with the waiting room, if the listing has one and they are signed in.</summary>
    public Place? Place { get; private set; }

    /// <summary>How long it is still the visitor's turn.</summary>
    public long SecondsLeft => Math.Max(1, (long)(Place!.Until - time.GetUtcNow()).TotalSeconds);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var listing = await tickets.GetAsync(Id, cancellationToken);
        if (!listing.Ok)
            return this.Refused(listing);
        Ticket = listing.Value;
        Hold = (await holds.FindAsync(User, cancellationToken)).FirstOrDefault(order => order.Ticket.Id == Id);
        if (Ticket.Available == 0 && Hold is null && User.Identity is { IsAuthenticated: true })
            IsWatching = (await watches.GetAsync(Id, cancellationToken)).Value?.Watching == true;
        if (Ticket.BuyersPerMinute is not null && User.Identity is { IsAuthenticated: true })
            Place = await turnstile.LookAsync(Id, User.UserId());
        if (HttpMethods.IsGet(Request.Method) && Request.Query["quantity"] is [{ Length: 1 or 2 } quantity] && quantity.All(char.IsAsciiDigit))
            (Form, IsChosen) = (new() { Quantity = quantity }, true);
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
        if (!int.TryParse(Form.Quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
        {
            ModelState.AddModelError("Form.Quantity", "A whole number from 1 to 10.");
            return await OnGetAsync(cancellationToken);
        }
        if (User.Identity is not { IsAuthenticated: true })
            return RedirectToPage("/SignIn", new { returnUrl = Url.Page("/Tickets/Show", new { Id, quantity }) });

        var seen = SeenPrice.Parse(Price);
        // While Tickets is away, Orders compares alone.
        if (await tickets.GetAsync(Id, cancellationToken).IfThereAsync() is { } listing && seen?.ChangeTo(listing) is { } change)
        {
            ModelState.AddModelError("", change);
            return await OnGetAsync(cancellationToken);
        }
        Place place;
        ServiceAnswer<OrderResponse>? order;
        try
        {
            (place, order) = await desk.PlaceAsync(Id, quantity, seen?.Amount, Key.ToString(), User.UserId(), cancellationToken);
        }
        catch (ServiceDownException busy) when (busy.BusyFor is { } wait)
        {
            return await TryLaterAsync(wait, cancellationToken);
        }
        if (order is null)
            return QueueModel.Of(this, Id, quantity, place);
        if (order.Ok)
            return RedirectToPage("/Orders/Show", new { order.Value.Id });
        // A refused order leaves the key unused at Orders, but another quantity under it would be refused for the key.
        ModelState.Remove(nameof(Key));
        Key = Guid.CreateVersion7();
        return this.RefusedUnlessShown(order) ?? await OnGetAsync(cancellationToken);
    }

    /// <summary>The form as it was, with its key and the price that was agreed to; the page sends it again by itself.</summary>
    private async Task<IActionResult> TryLaterAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (++Tries <= MostTries)
            RetryIn = (long)Math.Ceiling(wait.TotalSeconds) + Tries / 5;
        else
            ModelState.AddModelError("", "Too many people are ordering right now. Nothing is reserved. Please try again in a few minutes.");
        ModelState.Remove(nameof(Tries));
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return await OnGetAsync(cancellationToken);
    }

    internal sealed record ReserveForm
    {
        public string? Quantity { get; init; } = "1";
    }
}
