using System.Net;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Forwarding;
using Ticketing.Web.Sessions;

namespace Ticketing.Web.Services;

/// <summary>Calls a service for the page that is being made, in the name of its visitor; outside a request in nobody's.</summary>
internal sealed class ServiceCaller(IHttpClientFactory clients, IHttpContextAccessor accessor)
{
    /// <summary>
    /// One call. <c>path</c> is relative to the service, such as <c>api/tickets</c>; <c>body</c> becomes JSON;
    /// <c>prepare</c> sets what more the request needs.
    /// </summary>
    /// <exception cref="ServiceDownException">There is no answer, or one of 500 and above.</exception>
    public async Task<ServiceAnswer<T>> SendAsync<T>(
        string service, HttpMethod method, string path, CancellationToken cancellationToken,
        object? body = null, Action<HttpRequestMessage>? prepare = null)
        where T : class
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: JsonConventions.Options);
        if (accessor.HttpContext is { } visit)
            Introduce(visit, request);
        prepare?.Invoke(request);
        try
        {
            using var response = await clients.CreateClient(service).SendAsync(request, cancellationToken);
            if ((int)response.StatusCode >= StatusCodes.Status500InternalServerError)
                throw new ServiceDownException(service) { BusyFor = await BusyForAsync(response, cancellationToken) };
            return await ReadAsync<T>(response, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ServiceDownException(service, failure);
        }
    }

    private static void Introduce(HttpContext visit, HttpRequestMessage request)
    {
        ForwardedHeaders.Describe(visit.Request, request.Headers);
        if (visit.User.Identity is { IsAuthenticated: true })
            request.Headers.TryAddWithoutValidation(HeaderNames.Authorization, VisitorCookies.Authorization(visit.Request));
    }

    private static async Task<TimeSpan?> BusyForAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } wait, Content.Headers.ContentType.MediaType: MediaTypeNames.Application.ProblemJson }
        && (await response.Content.ReadFromJsonAsync<Problem>(JsonConventions.Options, cancellationToken))?.Reason == Busy.Reason
            ? wait
            : null;

    private static async Task<ServiceAnswer<T>> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : class
    {
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.Content.ReadFromJsonAsync<Problem>(JsonConventions.Options, cancellationToken);
            return new(response.StatusCode, null, problem?.Errors ?? [])
            {
                RetryAfter = response.Headers.RetryAfter?.Delta,
                Reason = problem?.Reason,
                CheckedInAt = problem?.CheckedInAt,
                CurrentVersion = problem?.CurrentVersion,
                SecondsAgo = problem?.SecondsAgo,
                Door = problem?.Door,
            };
        }
        var value = typeof(T) == typeof(NoContent)
            ? (T)(object)NoContent.Value
            : await response.Content.ReadFromJsonAsync<T>(JsonConventions.Options, cancellationToken);
        return new(response.StatusCode, value, [])
        {
            NextCursor = response.Headers.TryGetValues(HeaderNames.Link, out var links) ? LinkHeader.NextCursor(links) : null,
            SetCookies = response.Headers.TryGetValues(HeaderNames.SetCookie, out var cookies) ? cookies.ToArray() : [],
        };
    }

    private sealed record Problem(
        IReadOnlyList<ApiError>? Errors,
        string? Reason = null,
        DateTimeOffset? CheckedInAt = null,
        long? SecondsAgo = null,
        string? Door = null,
        int? CurrentVersion = null);
}
