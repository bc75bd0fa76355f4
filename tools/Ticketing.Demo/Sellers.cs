namespace Ticketing.Demo;

/// <summary>People who sell. What they have listed already they do not list again.</summary>
internal static class Sellers
{
    public const int Count = 5;

    public static string EmailOf(int seller) => $"seller-{seller + 1}@demo.example";

    /// <summary>Lists what is missing of so many events; each seller has every fifth, in their order.</summary>
    /// <returns>How many were listed now.</returns>
    public static async Task<int> ListAsync(Site site, int listings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var listed = 0;
        for (var seller = 0; seller < Count; seller++)
        {
            using var visitor = await site.VisitAsync(EmailOf(seller), cancellationToken);
            var present = await CountAsync(visitor, cancellationToken);
            for (var number = seller + (present * Count); number < listings; number += Count)
            {
                await visitor.PostAsync("/api/tickets", Programme.Event(number, now), cancellationToken);
                listed++;
            }
        }
        return listed;
    }

    /// <summary>Also those that were withdrawn since.</summary>
    private static async Task<int> CountAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var count = 0;
        for (var path = "/api/tickets/sales/listings?limit=100"; path is not null;)
        {
            var (page, next) = await visitor.GetAsync(path, cancellationToken);
            count += page!.AsArray().Count;
            path = next;
        }
        return count;
    }
}
