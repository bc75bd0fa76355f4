using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Ticketing.Web.Pages;

/// <summary>The page for a failed request, whatever its method was.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class ErrorModel : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int Code { get; init; }

    public string Heading => Code switch
    {
        StatusCodes.Status400BadRequest => "This did not work",
        StatusCodes.Status403Forbidden => "This is not yours",
        StatusCodes.Status404NotFound => "There is nothing here",
        StatusCodes.Status405MethodNotAllowed => "This did not work",
        StatusCodes.Status429TooManyRequests => "That was a little fast",
        StatusCodes.Status503ServiceUnavailable => "One moment, please",
        _ => "Something went wrong",
    };

    public string Advice => Code switch
    {
        StatusCodes.Status400BadRequest => "The page may have been open for too long. Go back, reload it and try again.",
        StatusCodes.Status403Forbidden => "It belongs to another user. You may be signed in with another account.",
        StatusCodes.Status404NotFound => "The address may be wrong, or what was here is gone.",
        StatusCodes.Status405MethodNotAllowed => "This address cannot be asked for in this way.",
        StatusCodes.Status429TooManyRequests => "Too many requests came from you in a short time. Wait a minute, then try again.",
        StatusCodes.Status503ServiceUnavailable => "A part of the site is not available right now. Please try again in a few seconds.",
        _ => "It is our fault, and it has been noted. Please try again.",
    };

    /// <summary>The address that failed, where another try may help and changes nothing.</summary>
    public string? Retry =>
        Code is StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError
        && HttpMethods.IsGet(Request.Method)
        && HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is { } failed
            ? failed.OriginalPathBase + failed.OriginalPath + failed.OriginalQueryString
            : null;

    public void OnGet()
    {
        // Somebody who asks for this page by its address gets the answer that it describes, where that is an error.
        if (Code is >= 400 and <= 599)
            Response.StatusCode = Code;
        if (Code == StatusCodes.Status503ServiceUnavailable)
            Response.Headers.RetryAfter = "5";
    }

    public void OnPost() => OnGet();

    /// <summary>Razor Pages would answer it with 200 and nothing.</summary>
    public void OnOptions() => OnGet();
}
