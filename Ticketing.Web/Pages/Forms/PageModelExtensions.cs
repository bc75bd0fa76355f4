using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Forms;

internal static class PageModelExtensions
{
    /// <summary>
    /// The error page for an answer that leaves nothing to show. A service says 401 both without a session and to
    /// somebody who is not the owner; a page that needs a session has one, so here it means the latter.
    /// </summary>
    public static IActionResult Refused<T>(this PageModel page, ServiceAnswer<T> answer)
        where T : class =>
        page.StatusCode(answer.Status == HttpStatusCode.Unauthorized ? StatusCodes.Status403Forbidden : (int)answer.Status);

    /// <summary>Shows on the page what the service found wrong; a 429 stays one, with its wait.</summary>
    public static void Show<T>(this PageModel page, ServiceAnswer<T> refused)
        where T : class
    {
        page.ModelState.AddErrors(refused.Errors);
        if (refused.Status != HttpStatusCode.TooManyRequests)
            return;
        page.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        if (refused.RetryAfter is { } wait)
            page.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
    }
}
