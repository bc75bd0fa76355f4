using Microsoft.Net.Http.Headers;
using Ticketing.Contracts.Api;
using Ticketing.Web.Sessions;

namespace Ticketing.Web.Services;

/// <summary>The Auth service, as the pages use it. Its cookies are handed to the browser.</summary>
internal sealed class AuthClient(ServiceCaller caller, IHttpContextAccessor accessor)
{
    public Task<ServiceAnswer<UserResponse>> SignUpAsync(string? email, string? password, CancellationToken cancellationToken) =>
        EnterAsync("api/users/signup", email, password, cancellationToken);

    public Task<ServiceAnswer<UserResponse>> SignInAsync(string? email, string? password, CancellationToken cancellationToken) =>
        EnterAsync("api/users/signin", email, password, cancellationToken);

    /// <summary>Ends the session: revokes its refresh token and clears the cookies.</summary>
    public async Task SignOutAsync(CancellationToken cancellationToken)
    {
        var cookies = VisitorCookies.HeaderFor("auth", accessor.HttpContext!.Request.Cookies);
        var answer = await caller.SendAsync<NoContent>("auth", HttpMethod.Post, "api/users/signout", cancellationToken,
            body: new { }, prepare: request => request.Headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies));
        HandOn(answer.SetCookies);
    }

    private async Task<ServiceAnswer<UserResponse>> EnterAsync(
        string path, string? email, string? password, CancellationToken cancellationToken)
    {
        var answer = await caller.SendAsync<UserResponse>("auth", HttpMethod.Post, path, cancellationToken,
            new { Email = email ?? "", Password = password ?? "" });
        HandOn(answer.SetCookies);
        return answer;
    }

    private void HandOn(IReadOnlyList<string> setCookies) =>
        accessor.HttpContext!.Response.Headers.Append(HeaderNames.SetCookie, setCookies.ToArray());
}
