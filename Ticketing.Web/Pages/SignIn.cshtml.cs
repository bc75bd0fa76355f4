using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

internal sealed class SignInModel(AuthClient auth) : PageModel
{
    [BindProperty]
    public Credentials Form { get; init; } = new();

    /// <summary>Where the visitor wanted to go; only a page of this site.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; init; }

    public IActionResult OnGet() => User.Identity is { IsAuthenticated: true } ? Back() : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = await auth.SignInAsync(Form.Email, Form.Password, cancellationToken);
        if (answer.Ok)
            return Back();
        this.Show(answer);
        return Page();
    }

    private LocalRedirectResult Back() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
}
