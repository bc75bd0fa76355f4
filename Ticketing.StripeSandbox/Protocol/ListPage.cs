using Ticketing.StripeSandbox.Bookkeeping;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>Stripe's pagination: newest first, <c>limit</c> (1–100, default 10), <c>starting_after</c> an id.</summary>
internal static class ListPage
{
    public static object Of<T>(StripeCall call, string url, Func<T, object> view, Func<T, bool>? where = null)
        where T : Entry
    {
        var limit = (int)(call.Form.Integer("limit") ?? 10);
        if (limit is < 1 or > 100)
            throw StripeFailure.BadParameter("Invalid integer: limit must be between 1 and 100.", "limit");
        var all = call.Books.All<T>().Where(where ?? (_ => true))
            .OrderByDescending(entry => entry.Created).ThenBy(entry => entry.Id, StringComparer.Ordinal).ToList();
        var start = 0;
        if (call.Form.Text("starting_after") is { } after && (start = all.FindIndex(entry => entry.Id == after) + 1) == 0)
            throw StripeFailure.NoSuch("object", after, "starting_after");
        return StripeJson.List(url, [.. all.Skip(start).Take(limit).Select(view)], all.Count > start + limit);
    }
}
