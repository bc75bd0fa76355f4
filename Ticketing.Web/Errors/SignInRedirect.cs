using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.ApiDefaults;

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

        // What was posted cannot be repeated after the detour, but its page can be shown again.
        var back = HttpMethods.IsGet(context.Request.Method)
            ? context.Request.GetEncodedPathAndQuery()
            : context.Request.Path.ToUriComponent();
        context.Response.Redirect(QueryHelpers.AddQueryString("/signin", "returnUrl", back));
        return Task.CompletedTask;
    }
}
