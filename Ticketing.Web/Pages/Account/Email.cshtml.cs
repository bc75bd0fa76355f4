using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Account;

[Authorize]
internal sealed class EmailModel(AuthClient auth) : PageModel
{
    /// <summary>The new address, and the present password.</summary>
    [BindProperty]
    public Credentials Form { get; init; } = new();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = await auth.ChangeEmailAsync(Form.Email, Form.Password, cancellationToken);
        return this.Outcome(answer, Texts.Shared("Your email address is changed."), "/account");
    }
}
