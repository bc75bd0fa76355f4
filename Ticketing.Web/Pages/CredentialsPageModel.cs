using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

/// <summary>A page at whose end the visitor is signed in and back where they wanted to go.</summary>
internal abstract class CredentialsPageModel : PageModel
{
    [BindProperty]
    public Credentials Form { get; init; } = new();

    /// <summary>Where the visitor wanted to go; only a page of this site.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; init; }

    public IActionResult OnGet() => User.Identity is { IsAuthenticated: true } ? Back() : Page();

    /// <summary>Back with the session that Auth gave, or the form again with what is wrong.</summary>
    protected IActionResult Outcome<T>(ServiceAnswer<T> answer)
        where T : class
    {
        if (answer.Ok)
            return Back();
        this.Show(answer);
        return Page();
    }

    private LocalRedirectResult Back() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
}
