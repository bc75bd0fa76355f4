using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.ApiDefaults;
using Ticketing.Web.Pages;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Pages.Tickets;

namespace Ticketing.Web.Errors;

/// <summary>A page that needs a user sends a visitor without a session to sign in, and from there back.</summary>
internal sealed class SignInRedirect : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler others = new();

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null;
        // The visitor may well be signed in, but nobody can tell now; the default answer to that is 503.
        var session = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult;
        var unknown = session?.Failure is JsonWebKeysUnavailableException;
        if (!authorizeResult.Challenged || !isPage || unknown)
            return others.HandleAsync(next, context, policy, authorizeResult);

        // What was posted is not repeated after the detour, but its page is shown again.
        var back = HttpMethods.IsGet(context.Request.Method)
            ? context.Request.GetEncodedPathAndQuery()
            : context.Request.Path.ToUriComponent();
        var url = QueryHelpers.AddQueryString("/signin", "returnUrl", back);
        if (HasTyped(context))
            context.Response.Redirect(QueryHelpers.AddQueryString(url, "handler", CredentialsPageModel.Keep), permanent: false, preserveMethod: true);
        else
            context.Response.Redirect(url);
        return Task.CompletedTask;
    }

    /// <summary>Whether it is a form whose typing is worth keeping: it then goes along to the sign-in page, and from there back.</summary>
    private static bool HasTyped(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && !context.Request.Query.ContainsKey("handler")
        && typeof(IListingPage).IsAssignableFrom(context.GetEndpoint()?.Metadata.GetMetadata<CompiledPageActionDescriptor>()?.ModelTypeInfo)
        && FormGuard.IsFromOwnPage(context.Request);
}
