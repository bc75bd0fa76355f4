using Dapper;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>Many listings to look at, written into Tickets' own database at once. Nobody else knows them, so nobody can buy.</summary>
internal static class Catalogue
{
    private const int Sample = 10_000;

    /// <summary>Lists so many, and gives the ids of some, in no order.</summary>
    public static async Task<IReadOnlyList<Guid>> FillAsync(Platform platform, int count, CancellationToken cancellationToken)
    {
        await using var tickets = await platform.Database("tickets").OpenConnectionAsync(cancellationToken);
        // Ids as Guid.CreateVersion7 makes them, of a minute each: the order of the list is the order of time.
        await tickets.ExecuteAsync(
            """
            INSERT INTO tickets (id, seller_id, title, price, currency, quantity, venue, starts_at, description, created_at)
            SELECT
                (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || 'a' || substr(hash, 4, 15))::uuid,
                gen_random_uuid(),
                (ARRAY['Opera', 'Jazz', 'Rock', 'Chamber music', 'Ballet', 'Comedy', 'Theatre'])[1 + number % 7] || ' night ' || number,
                500 + number % 20000, 'usd', 1 + number % 500,
                (ARRAY['Town hall', 'Arena', 'Old theatre', 'Harbour stage', 'Castle yard'])[1 + number % 5],
                now() + interval '1 day' + number * interval '1 minute', repeat('An evening to remember. ', 10), at
            FROM generate_series(1, @count) AS number
            CROSS JOIN LATERAL (SELECT md5(number::text) AS hash, now() - number * interval '1 minute' AS at) AS listed
            """,
            new { count }, commandTimeout: 600);
        await tickets.ExecuteAsync("VACUUM ANALYZE tickets", commandTimeout: 600);
        return (await tickets.QueryAsync<Guid>("SELECT id FROM tickets ORDER BY random() LIMIT @Sample", new { Sample })).AsList();
    }
}
