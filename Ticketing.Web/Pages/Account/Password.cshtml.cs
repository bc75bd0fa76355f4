using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Account;

[Authorize]
internal sealed class PasswordModel(AuthClient auth) : PageModel
{
    [BindProperty]
    public PasswordChange Form { get; init; } = new();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = await auth.ChangePasswordAsync(Form.CurrentPassword, Form.NewPassword, cancellationToken);
        return this.Outcome(answer, Texts.Shared("Your password is changed. Everywhere else you are signed out."), "/account");
    }

    /// <summary>The form's fields. Auth says what is wrong with them.</summary>
    internal sealed class PasswordChange
    {
        public string? CurrentPassword { get; init; }

        public string? NewPassword { get; init; }
    }
}
