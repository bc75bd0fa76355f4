using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

/// <summary>What the user was told, and what they still wait for.</summary>
[Authorize]
internal sealed class NotificationsModel(WatchesClient watches) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; init; }

    public NotificationsResponse Told { get; private set; } = null!;

    public IReadOnlyList<TicketResponse> Waiting { get; private set; } = [];

    public string? NextCursor { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var (told, waiting) = (watches.NotificationsAsync(Cursor, cancellationToken), watches.ListAsync(cancellationToken));
        await Task.WhenAll(told, waiting);
        if (!(await told).Ok)
            return this.Refused(await told);
        if (!(await waiting).Ok)
            return this.Refused(await waiting);
        (Told, NextCursor, Waiting) = ((await told).Value!, (await told).NextCursor, (await waiting).Value!);
        return Page();
    }

    /// <summary>Marks as read what the page showed; what came after it stays unread.</summary>
    public async Task<IActionResult> OnPostReadAsync(Guid through, CancellationToken cancellationToken)
    {
        var read = await watches.ReadAsync(through, cancellationToken);
        return read.Ok ? RedirectToPage() : this.Refused(read);
    }

    /// <summary>Waits no longer for a listing.</summary>
    public async Task<IActionResult> OnPostUnwatchAsync(Guid ticketId, CancellationToken cancellationToken)
    {
        var ended = await watches.EndAsync(ticketId, cancellationToken);
        return ended.Ok ? RedirectToPage() : this.Refused(ended);
    }
}
