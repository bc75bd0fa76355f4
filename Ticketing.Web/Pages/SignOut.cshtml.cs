using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ApiDefaults;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

internal sealed partial class SignOutModel(AuthClient auth, ILogger<SignOutModel> logger) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    /// <summary>Ends the session at Auth; with Auth away at least this browser forgets it.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        try
        {
            await auth.SignOutAsync(cancellationToken);
        }
        catch (ServiceDownException failure)
        {
            LogOnlyHere(logger, failure);
            Response.Cookies.Delete(SessionCookies.Session);
            Response.Cookies.Delete(SessionCookies.Refresh);
        }
        return LocalRedirect("/");
    }

    [LoggerMessage(LogLevel.Warning, "Signed out in the browser only; the refresh token lives on until its end")]
    private static partial void LogOnlyHere(ILogger logger, Exception failure);
}
