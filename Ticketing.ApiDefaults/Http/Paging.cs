using System.Buffers.Text;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Pages of lists that are sorted by descending UUIDv7: the cursor is the last id of a page, and the next page is
/// named in the <c>Link</c> header (RFC 8288). Nothing shifts when new things are added meanwhile.
/// </summary>
public static class Paging
{
    /// <summary>What is said to a cursor that no page of the list gave.</summary>
    public const string ForeignCursor = "The cursor is not one of this list: follow the Link header of a page.";

    private static readonly Guid FromTheNewest = Guid.AllBitsSet;

    /// <summary>How many are asked for.</summary>
    /// <param name="limit">The query's <c>limit</c>, or null.</param>
    /// <param name="fallback">What an absent one means.</param>
    /// <param name="max">The most that is allowed; the least is 1.</param>
    /// <param name="errors">Gets an error if it is no such number.</param>
    public static int ParseLimit(string? limit, int fallback, int max, ValidationErrors errors)
    {
        if (limit is null)
            return fallback;
        if (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1 && size <= max)
            return size;
        errors.Add("limit", $"The limit is a number between 1 and {max}.");
        return fallback;
    }

    /// <summary>The id before which the page starts (the greatest one of all without a cursor).</summary>
    /// <param name="cursor">The query's <c>cursor</c>, or null.</param>
    /// <param name="errors">Gets an error if it is none of ours.</param>
    public static Guid ParseCursor(string? cursor, ValidationErrors errors)
    {
        if (cursor is null)
            return FromTheNewest;
        Span<byte> id = stackalloc byte[16];
        if (Base64Url.IsValid(cursor, out var length) && length == id.Length
            && Base64Url.TryDecodeFromChars(cursor, id, out _))
            return new Guid(id, bigEndian: true);
        errors.Add("cursor", ForeignCursor);
        return FromTheNewest;
    }

    /// <summary>The cursor of the page after this id.</summary>
    public static string Cursor(Guid lastId) => Base64Url.EncodeToString(lastId.ToByteArray(bigEndian: true));

    /// <summary>
    /// Ends a page for which one row more was read than it holds: if that row is there, it is taken away and the next
    /// page is named in the answer's <c>Link</c> header, relative to the site.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="rows">What was read, at most <paramref name="size"/> + 1.</param>
    /// <param name="size">How many the page holds.</param>
    /// <param name="cursor">The cursor of the page after a row, in letters that need no escaping.</param>
    /// <param name="query">The rest of the query; what is null is left out.</param>
    public static void EndPage<T>(
        HttpContext context, IList<T> rows, int size, Func<T, string> cursor, params IEnumerable<(string Name, string? Value)> query)
    {
        if (rows.Count <= size)
            return;
        while (rows.Count > size)
            rows.RemoveAt(rows.Count - 1);
        var next = new QueryBuilder { { "cursor", cursor(rows[^1]) } };
        foreach (var (name, value) in query)
        {
            if (value is not null)
                next.Add(name, value);
        }
        context.Response.Headers.Link = $"<{context.Request.Path}{next}>; rel=\"next\"";
    }
}
