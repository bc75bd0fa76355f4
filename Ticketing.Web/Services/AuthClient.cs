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

    public Task<ServiceAnswer<UserResponse>> ChangeEmailAsync(string? email, string? password, CancellationToken cancellationToken) =>
        EnterAsync("api/users/email", email, password, cancellationToken);

    public Task<ServiceAnswer<UserResponse>> ChangePasswordAsync(string? current, string? wanted, CancellationToken cancellationToken) =>
        PostAsync<UserResponse>("api/users/password", new { CurrentPassword = current, NewPassword = wanted }, cancellationToken);

    /// <summary>Ends every session of the visitor and clears the cookies of this one.</summary>
    public Task<ServiceAnswer<NoContent>> SignOutEverywhereAsync(CancellationToken cancellationToken) =>
        PostAsync<NoContent>("api/users/signouteverywhere", new { }, cancellationToken);

    public Task<ServiceAnswer<NoContent>> DeleteAsync(string? password, CancellationToken cancellationToken) =>
        PostAsync<NoContent>("api/users/delete", new { Password = password }, cancellationToken);

    private Task<ServiceAnswer<UserResponse>> EnterAsync(
        string path, string? email, string? password, CancellationToken cancellationToken) =>
        PostAsync<UserResponse>(path, new { Email = email ?? "", Password = password ?? "" }, cancellationToken);

    private async Task<ServiceAnswer<T>> PostAsync<T>(string path, object body, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await caller.SendAsync<T>("auth", HttpMethod.Post, path, cancellationToken, body);
        HandOn(answer.SetCookies);
        return answer;
    }

    private void HandOn(IReadOnlyList<string> setCookies) =>
        accessor.HttpContext!.Response.Headers.Append(HeaderNames.SetCookie, setCookies.ToArray());
}
