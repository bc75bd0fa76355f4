using System.Collections.Concurrent;
using System.Net;
using Microsoft.Net.Http.Headers;
using Ticketing.ApiDefaults;

namespace Ticketing.Web.Sessions;

/// <summary>What Auth said to a refresh token.</summary>
/// <param name="Session">The new access token; null if there is none any more (the token is invalid).</param>
/// <param name="Refresh">The new refresh token, likewise.</param>
/// <param name="SetCookies">The Set-Cookie fields that bring this to the browser.</param>
internal sealed record RefreshAnswer(string? Session, string? Refresh, IReadOnlyList<string> SetCookies);

/// <summary>
/// Changes a refresh token into a new session at Auth. Requests that come together with the same token (a page's
/// parallel calls) share one exchange.
/// </summary>
internal sealed class RefreshExchange(IHttpClientFactory clients, ILogger<RefreshExchange> logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RefreshAnswer?>>> running = new();

    /// <summary>Auth's answer, or null if Auth cannot give one now.</summary>
    /// <param name="refreshToken">The value of the refresh cookie.</param>
    /// <param name="request">The request that needs it: says for whom Auth renews.</param>
    /// <param name="cancellationToken">Ends this caller's wait; the exchange goes on for the others.</param>
    public Task<RefreshAnswer?> RenewAsync(string refreshToken, HttpRequest request, CancellationToken cancellationToken)
    {
        // What the exchange needs of the request is read now: it may outlive the request that began it.
        var message = new HttpRequestMessage(HttpMethod.Post, "http://auth/api/users/refresh") { Content = new ByteArrayContent([]) };
        message.Headers.TryAddWithoutValidation(HeaderNames.Cookie, VisitorCookies.Header(session: null, refreshToken));
        Forwarding.ForwardedHeaders.Describe(request, message.Headers);

        var exchange = running.GetOrAdd(refreshToken, token => new(() => ExchangeAsync(token, message)));
        return exchange.Value.WaitAsync(cancellationToken);
    }

    private async Task<RefreshAnswer?> ExchangeAsync(string refreshToken, HttpRequestMessage message)
    {
        try
        {
            using var response = await clients.CreateClient("auth").SendAsync(message);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Unauthorized))
            {
                RenewalLog.Refused(logger, (int)response.StatusCode);
                return null;
            }
            var setCookies = response.Headers.TryGetValues(HeaderNames.SetCookie, out var values) ? values.ToArray() : [];
            var cookies = SetCookieHeaderValue.ParseList(setCookies)
                .ToDictionary(cookie => cookie.Name.ToString(), cookie => Uri.UnescapeDataString(cookie.Value.ToString()));
            return response.StatusCode == HttpStatusCode.OK
                ? new(cookies[SessionCookies.Session], cookies[SessionCookies.Refresh], setCookies)
                : new(null, null, setCookies);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            RenewalLog.Unreachable(logger, failure);
            return null;
        }
        finally
        {
            running.TryRemove(refreshToken, out _);
        }
    }
}
