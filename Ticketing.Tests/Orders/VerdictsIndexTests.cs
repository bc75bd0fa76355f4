using Dapper;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class VerdictsIndexTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    /// <summary>Republishing asks for them order by order, in a table that grows with every sale.</summary>
    [Fact]
    public async Task The_verdicts_of_an_order_are_found_by_an_index()
    {
        await using var connection = await Platform.OpenAsync("orders");
        await connection.ExecuteAsync("SET enable_seqscan = off");

        var plan = await connection.QueryAsync<string>(
            "EXPLAIN SELECT * FROM verdicts WHERE order_id = @order", new { order = Guid.CreateVersion7() });

        string.Join('\n', plan).ShouldContain("verdicts_of_order");
    }
}
