using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Account;

[Authorize]
internal sealed class DeleteModel(AuthClient auth) : PageModel
{
    [BindProperty]
    public Confirmation Form { get; init; } = new();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = await auth.DeleteAsync(Form.Password, cancellationToken);
        return this.Outcome(answer, Texts.Shared("Your account is deleted."), "/");
    }

    /// <summary>The form's field: whoever knows the password means it.</summary>
    internal sealed class Confirmation
    {
        public string? Password { get; init; }
    }
}
