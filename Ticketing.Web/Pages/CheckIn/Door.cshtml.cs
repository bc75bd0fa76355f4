using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.CheckIn;

/// <summary>
/// The door: the seller scans or types codes. The result is the answer to the form itself, without a script too; with
/// one, only that part of the page is fetched (header <c>X-Part</c>), so that the camera goes on.
/// </summary>
[Authorize]
internal sealed class DoorModel(TicketsClient tickets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; init; }

    [BindProperty]
    public DoorForm Form { get; set; } = new();

    public CheckInsResponse? CheckIns { get; private set; }

    /// <summary>The ticket that has just opened the door.</summary>
    public CheckInResponse? Opened { get; private set; }

    /// <summary>Why it stays closed, one of <see cref="CheckInRefusal"/>.</summary>
    public string? Refusal { get; private set; }

    /// <summary>When the refused ticket was used.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>How long ago that was.</summary>
    public TimeSpan UsedAgo { get; private set; }

    /// <summary>At which door that was, if it has a name.</summary>
    public string? UsedDoor { get; private set; }

    /// <summary>What was judged, as it was typed; null for what only a machine reads.</summary>
    public string? Judged { get; private set; }

    /// <summary>Whether it looks as if a keyboard had changed what a scanner typed.</summary>
    public bool KeyboardChanged { get; private set; }

    /// <summary>Longer texts come from scanners: a code has 14 characters with its groups.</summary>
    private const int LongestTyped = 20;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = await tickets.CheckInAsync(Id, Form.Code, Form.Attempt, Form.Door, cancellationToken);
        if (!answer.Ok && !answer.IsBadRequest)
            return this.Refused(answer);
        (Opened, Refusal, UsedAt) = (answer.Value, answer.Reason, answer.CheckedInAt);
        (UsedAgo, UsedDoor) = (TimeSpan.FromSeconds(answer.SecondsAgo ?? 0), answer.Door);
        if (Form.Code?.Trim() is { Length: <= LongestTyped } typed)
            Judged = typed;
        KeyboardChanged = answer.Reason == CheckInRefusal.Malformed && ScannerKeyboard.Changed(Form.Code);
        if (answer.Reason is null)
            this.Show(answer);
        if (answer.Ok || answer.Reason is not null)
        {
            ModelState.Remove("Form.Code");
            // What could not be judged is kept, to be mended. What comes next is another attempt.
            Form = new() { Code = answer.Reason == CheckInRefusal.Malformed ? Form.Code : null, Door = Form.Door };
        }
        if (await ReadAsync(cancellationToken) is { } refused)
            return refused;
        return Request.Headers.ContainsKey("X-Part") ? Partial("_Result", this) : Page();
    }

    /// <summary>What the page shows besides; an answer in its place if it cannot be shown.</summary>
    private async Task<IActionResult?> ReadAsync(CancellationToken cancellationToken)
    {
        // Of a listing that was withdrawn too: what is sold of it opens the door.
        var checkIns = await tickets.GetCheckInsAsync(Id, cancellationToken);
        if (!checkIns.Ok)
            return this.Refused(checkIns);
        CheckIns = checkIns.Value;
        return null;
    }

    internal sealed record DoorForm
    {
        public string? Code { get; init; }

        /// <summary>The same when a form is sent again whose answer was lost.</summary>
        public string? Attempt { get; init; } = Guid.NewGuid().ToString();

        /// <summary>Which door or device this is, if it has a name.</summary>
        public string? Door { get; init; }
    }
}
