using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Pages.Parts;
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

    /// <summary>
    /// Shows on the page what the visitor can do something about, and gives null; for all else the error page.
    /// </summary>
    public static IActionResult? RefusedUnlessShown<T>(this PageModel page, ServiceAnswer<T> refused)
        where T : class
    {
        if (!refused.IsBadRequest)
            return page.Refused(refused);
        page.Show(refused);
        return null;
    }

    /// <summary>What comes of a form: with a notice on to the next page, or the form again with what is wrong.</summary>
    public static IActionResult Outcome<T>(this PageModel page, ServiceAnswer<T> answer, string notice, string next)
        where T : class
    {
        if (!answer.Ok)
            return page.RefusedUnlessShown(answer) ?? page.Page();
        page.Notice(notice);
        return page.LocalRedirect(next);
    }

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
