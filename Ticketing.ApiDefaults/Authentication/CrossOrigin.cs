using Microsoft.AspNetCore.Http;

namespace Ticketing.ApiDefaults;

/// <summary>Tells whether a request comes from our own pages.</summary>
public static class CrossOrigin
{
    /// <summary>
    /// True if a page of another origin made the request, as far as its headers tell: an <c>Origin</c> that is not the one
    /// the request came to, or a <c>Sec-Fetch-Site</c> other than <c>same-origin</c> and <c>none</c>.
    /// </summary>
    /// <param name="request">The request, after forwarded headers were read.</param>
    public static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        var origin = request.Headers.Origin;
        return (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
            || (origin.Count > 0 && !IsOwn(origin.ToString(), request));
    }

    // "null" (a sandboxed frame, a file) is no URI, and so is foreign. Uri knows the schemes' default ports.
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var ours)
        && theirs.Scheme == ours.Scheme && theirs.Host == ours.Host && theirs.Port == ours.Port;
}
