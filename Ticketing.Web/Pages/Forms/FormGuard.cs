using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Ticketing.ApiDefaults;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Parts;

namespace Ticketing.Web.Pages.Forms;

/// <summary>
/// Judges the antiforgery token of every form. A token belongs to the user for whom its page was made, and in other tabs people
/// sign in and out meanwhile. What such a form asks for is done if it needs nobody's name; otherwise nothing is done and its
/// page is shown with what was typed, so that a form made for one user never acts as another.
/// </summary>
/// <remarks>
/// Who is not signed in has nothing that a forged form could use, and whether a form comes from the site's own page the browser
/// says itself (<c>Origin</c>, <c>Sec-Fetch-Site</c>). A form that comes from elsewhere, or of which nobody says where it comes
/// from, needs a token that is good, and is 400 without.
/// </remarks>
internal sealed class FormGuard(IAntiforgery antiforgery) : IAsyncAuthorizationFilter, IAsyncPageFilter, IAntiforgeryPolicy
{
    /// <summary>After the framework's own filter (1000), which then leaves the judgment to this one.</summary>
    public const int Order = 2000;

    private bool isOfAnotherUser;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var visit = context.HttpContext;
        if (context.Filters.OfType<IgnoreAntiforgeryTokenAttribute>().Any() || await IsValidAsync(visit))
            return;

        var isSignedIn = visit.User.Identity is { IsAuthenticated: true };
        // Made before somebody signed in, and as good then: signing in, or choosing tickets.
        if (isSignedIn && !NeedsUser(visit) && await IsValidForGuestAsync(visit))
            return;

        if (IsFromOwnPage(visit.Request))
            isOfAnotherUser = isSignedIn;
        else
            context.Result = new AntiforgeryValidationFailedResult();
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context)
    {
        // What was typed is bound all the same: the page shows it as it does when a service refuses it.
        if (isOfAnotherUser)
        {
            context.HandlerMethod = context.ActionDescriptor.HandlerMethods.FirstOrDefault(
                handler => HttpMethods.IsGet(handler.HttpMethod) && handler.Name is null);
        }
        return Task.CompletedTask;
    }

    public Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (isOfAnotherUser && context.HandlerInstance is PageModel page)
        {
            page.Response.StatusCode = StatusCodes.Status409Conflict;
            page.Warn(Texts.Shared(
                "Nothing was done, since this page was opened before you signed in as {0}: check it and send it again.",
                page.User.Email()));
        }
        return next();
    }

    /// <summary>Whether the browser says that a page of this site made the request.</summary>
    public static bool IsFromOwnPage(HttpRequest request) =>
        !CrossOrigin.IsForeign(request) && (request.Headers.Origin.Count > 0 || request.Headers["Sec-Fetch-Site"] == "same-origin");

    private static bool NeedsUser(HttpContext visit) => visit.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null;

    private async Task<bool> IsValidForGuestAsync(HttpContext visit)
    {
        var user = visit.User;
        visit.User = new ClaimsPrincipal(new ClaimsIdentity());
        try
        {
            return await IsValidAsync(visit);
        }
        finally
        {
            visit.User = user;
        }
    }

    private async Task<bool> IsValidAsync(HttpContext visit)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(visit);
        }
        catch (AntiforgeryValidationException)
        {
            // The form cannot be read.
            return false;
        }
    }
}
