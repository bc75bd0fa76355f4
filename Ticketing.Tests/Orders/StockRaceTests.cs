using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class StockRaceTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    private const int Buyers = 200;
    private const int Tickets = 50;

    [Fact]
    public async Task Of_200_buyers_racing_for_50_tickets_exactly_50_get_one()
    {
        var listing = await ListAsync(Tickets);

        var answers = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(async _ =>
        {
            using var client = Orders.As(Guid.CreateVersion7());
            return (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id })).StatusCode;
        }));

        answers.Count(status => status == HttpStatusCode.Created).ShouldBe(Tickets);
        answers.Count(status => status == HttpStatusCode.BadRequest).ShouldBe(Buyers - Tickets);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
        (await HeldAsync(listing.Id)).ShouldBe(Tickets);
    }

    /// <summary>
    /// The negative control: the same race against the design that this platform replaces (look, then insert), on the
    /// same database. If this does not oversell, the race above shows nothing.
    /// </summary>
    [Fact]
    public async Task Without_the_guard_the_same_race_oversells()
    {
        var listing = await ListAsync(Tickets);
        await using var database = NpgsqlDataSource.Create(Platform.ConnectionString("orders-db") + ";Maximum Pool Size=50");

        await Task.WhenAll(Enumerable.Range(0, Buyers).Select(async _ =>
        {
            await using var connection = await database.OpenConnectionAsync();
            if (await HeldAsync(connection, listing.Id) < Tickets)
                await InsertUnguardedAsync(connection, listing);
        }));

        (await HeldAsync(listing.Id)).ShouldBeGreaterThan(Tickets, "looking first and inserting then must oversell");
    }

    [Fact]
    public async Task Behind_the_statement_stands_a_constraint()
    {
        var listing = await ListAsync(1);
        await using var connection = await Platform.OpenAsync("orders");

        var refused = await Should.ThrowAsync<PostgresException>(() => connection.ExecuteAsync(
            "UPDATE listings SET available = available - 2 WHERE id = @Id", new { listing.Id }));

        refused.ConstraintName.ShouldBe("nothing_oversold");
    }

    private async Task<long> HeldAsync(Guid ticketId)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await HeldAsync(connection, ticketId);
    }

    private static Task<long> HeldAsync(NpgsqlConnection connection, Guid ticketId) =>
        connection.ExecuteScalarAsync<long>(
            "SELECT coalesce(sum(quantity), 0) FROM orders WHERE ticket_id = @ticketId AND status <> 'cancelled'",
            new { ticketId });

    private static Task<int> InsertUnguardedAsync(NpgsqlConnection connection, ListingState listing) =>
        connection.ExecuteAsync(
            """
            INSERT INTO orders (
                id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version,
                status, created_at, hold_ends_at, expires_at)
            VALUES (gen_random_uuid(), gen_random_uuid(), @Id, 1, 1, 'usd', '', 1, 0, 'created', now(), now() + '1h', now() + '1h')
            """,
            new { listing.Id });
}
