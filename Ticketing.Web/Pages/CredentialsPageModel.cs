using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

/// <summary>A page at whose end the visitor is signed in and back where they wanted to go.</summary>
internal abstract class CredentialsPageModel : PageModel
{
    /// <summary>The handler <see cref="OnPostKeep"/>.</summary>
    public const string Keep = "Keep";

    /// <summary>The fields of this page, which are nothing to be kept.</summary>
    private static readonly string[] Own = ["Form.Email", "Form.Password"];

    [BindProperty]
    public Credentials Form { get; init; } = new();

    /// <summary>Where the visitor wanted to go; only a page of this site.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; init; }

    /// <summary>
    /// What was typed into the form of a page whose user was signed out meanwhile. The form of this page carries it along, and
    /// with it the visitor comes back there.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Kept => !Request.HasFormContentType ? [] :
    [
        .. Request.Form.Where(typed => typed.Key.StartsWith("Form.", StringComparison.Ordinal) && !Own.Contains(typed.Key))
            .Select(typed => KeyValuePair.Create<string, string?>(typed.Key, typed.Value)),
    ];

    public IActionResult OnGet() => User.Identity is { IsAuthenticated: true } ? Back() : Page();

    /// <summary>Where a form leads that needs a user and comes without one.</summary>
    public IActionResult OnPostKeep() => OnGet();

    /// <summary>Back with the session that Auth gave, or the form again with what is wrong.</summary>
    protected IActionResult Outcome<T>(ServiceAnswer<T> answer)
        where T : class
    {
        if (answer.Ok)
            return Back();
        this.Show(answer);
        return Page();
    }

    private LocalRedirectResult Back()
    {
        if (!Url.IsLocalUrl(ReturnUrl))
            return LocalRedirect("/");
        return Kept.Count > 0 ? LocalRedirectPreserveMethod(ReturnUrl) : LocalRedirect(ReturnUrl);
    }
}
