using Microsoft.AspNetCore.WebUtilities;

namespace Ticketing.Web.Services;

/// <summary>The Link header of a list (RFC 8288): <c>&lt;/api/tickets?limit=50&amp;cursor=abc&gt;; rel="next"</c>.</summary>
internal static class LinkHeader
{
    /// <summary>The <c>cursor</c> of the link to the next page, or null if this is the last.</summary>
    public static string? NextCursor(IEnumerable<string> links)
    {
        foreach (var link in links.SelectMany(value => value.Split(", <")))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (end < 0 || !link[end..].Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase))
                continue;
            var query = link[..end].IndexOf('?', StringComparison.Ordinal);
            return query < 0 ? null : (string?)QueryHelpers.ParseQuery(link[query..end]).GetValueOrDefault("cursor");
        }
        return null;
    }
}
