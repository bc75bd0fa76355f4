using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Pages.Parts;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Account;

[Authorize]
internal sealed class IndexModel(AuthClient auth) : PageModel
{
    public async Task<IActionResult> OnPostSignOutEverywhereAsync(CancellationToken cancellationToken)
    {
        var answer = await auth.SignOutEverywhereAsync(cancellationToken);
        if (!answer.Ok)
            return this.Refused(answer);
        this.Notice(Texts.Shared("You are signed out on all devices."));
        return LocalRedirect("/signin");
    }
}
