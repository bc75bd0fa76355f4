using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Signs a request in by the header <c>Authorization: Bearer TOKEN</c> or else the cookie <c>session</c>. The header wins:
/// when it is there, good or bad, the cookie is not looked at.
/// </summary>
internal sealed class SessionAuthenticationHandler(
    SessionTokenReader tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Session";

    /// <summary>The authentication type of a user whom the header signed in.</summary>
    public const string FromHeader = "header";

    /// <summary>The authentication type of a user whom the cookie signed in: a browser may have sent it unasked.</summary>
    public const string FromCookie = "cookie";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is { Count: > 0 } header)
        {
            return header is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                ? await Authenticate(value[Bearer.Length..].Trim(' '), FromHeader)
                : AuthenticateResult.Fail("The Authorization header is not one bearer token.");
        }

        return Request.Cookies[SessionCookies.Session] is { Length: > 0 } cookie
            ? await Authenticate(cookie, FromCookie)
            : AuthenticateResult.NoResult();
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (result.Failure is JsonWebKeysUnavailableException)
        {
            await Problems
                .Unavailable(Context, HttpJsonWebKeys.FirstFetchPause, "Sessions cannot be verified at the moment.")
                .ExecuteAsync(Context);
            return;
        }

        Response.Headers[HeaderNames.WWWAuthenticate] = result.Failure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await Problems.Unauthorized().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Create(StatusCodes.Status403Forbidden, [new ApiError("Not allowed.")]).ExecuteAsync(Context);

    private async Task<AuthenticateResult> Authenticate(string text, string source)
    {
        SessionTokenResult read;
        try
        {
            read = await tokens.ReadAsync(text, Context.RequestAborted);
        }
        catch (JsonWebKeysUnavailableException unavailable)
        {
            // Public routes still answer; the others say 503, since the token may well be good.
            return AuthenticateResult.Fail(unavailable);
        }

        if (read.Token is { } token)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(
                token.ToPrincipal(source), new AuthenticationProperties { ExpiresUtc = token.ExpiresAt }, Name));
        }

        AuthenticationLog.SessionRefused(Logger, read.Failure);
        return AuthenticateResult.Fail(read.Failure!);
    }
}
