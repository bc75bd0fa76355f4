using Dapper;
using Npgsql;

namespace Ticketing.Benchmarks;

/// <summary>What came of the sale of one listing, by the orders that are there after it.</summary>
/// <param name="Sold">Tickets promised to somebody.</param>
/// <param name="Rate">Orders a second, from the first to the last; 0 if there is no time between them.</param>
internal sealed record Sale(long Sold, double Rate)
{
    /// <summary>Tickets promised that are not there.</summary>
    public long OversoldOf(int stock) => Math.Max(0, Sold - stock);

    /// <param name="orders">The database, with a table <c>orders</c> that has listing, quantity, status and time of each.</param>
    /// <param name="listing">Which listing.</param>
    public static Task<Sale> ReadAsync(NpgsqlConnection orders, Guid listing) =>
        orders.QuerySingleAsync<Sale>(
            """
            WITH placed AS (
                SELECT quantity, created_at, min(created_at) OVER () AS first FROM orders
                WHERE ticket_id = @listing AND status <> 'cancelled'
            )
            SELECT
                coalesce(sum(quantity), 0)::bigint AS sold,
                -- Those of the first moment are where the time begins; they were not placed in it.
                coalesce(count(*) FILTER (WHERE created_at > first) / nullif(extract(epoch FROM max(created_at) - min(first)), 0), 0)::float8 AS rate
            FROM placed
            """,
            new { listing });
}
