using System.Net;
using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>The database dies and comes back; it is the test's own.</summary>
public sealed class OutageTests(Servers servers)
{
    [Fact]
    public async Task Orders_told_while_the_database_is_away_are_all_counted_when_it_is_back()
    {
        // Not as a throw-away: that one forgets its last commits when it is killed.
        await using var postgres = await TestServer.StartPostgresAsync();
        var address = await SetupScript.CreateDatabaseAsync(postgres.ConnectionString, "tickets");
        await using var platform = await TestPlatform.CreateAsync(servers);
        platform.With("ConnectionStrings:tickets-db", address);
        var service = await platform.StartAsync<Listing>();
        var listing = Guid.CreateVersion7();
        await ExecuteAsync(
            """
            INSERT INTO tickets (id, seller_id, title, price, currency, quantity, created_at)
            VALUES (@listing, gen_random_uuid(), 'Concert', 100, 'usd', 1000, now())
            """);

        var orders = Enumerable.Range(0, 300).Select(_ => TicketsTests.Order(listing, OrderStatus.Created, 0)).ToArray();
        var publishing = Task.WhenAll(orders.Select(order => platform.Broker.PublishAsync(new OrderCreated(order))));
        await Eventually.HoldsAsync(async () => await HeldAsync() > 20, "some are counted");
        await postgres.KillAsync();
        await publishing;
        using var client = service.Anonymous();
        await Eventually.BecomesAsync(
            async () => (await client.GetAsync("/health")).StatusCode, HttpStatusCode.ServiceUnavailable);
        // Longer than a few quick tries would last.
        await Task.Delay(TimeSpan.FromSeconds(5));
        await postgres.StartAgainAsync();

        await Eventually.BecomesAsync(HeldAsync, orders.Length, TimeSpan.FromSeconds(30));
        (await client.GetStringAsync($"/api/tickets/{listing}")).ShouldContain("\"available\":700,");
        await platform.Broker.HearAsync<AvailabilityChanged>(told => told.TicketId == listing && told.Available == 700);

        async Task<int> HeldAsync()
        {
            await using var connection = new NpgsqlConnection(address + ";Pooling=false");
            return await connection.ExecuteScalarAsync<int>("SELECT held FROM tickets WHERE id = @listing", new { listing });
        }

        async Task ExecuteAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(address + ";Pooling=false");
            await connection.ExecuteAsync(sql, new { listing });
        }
    }
}
