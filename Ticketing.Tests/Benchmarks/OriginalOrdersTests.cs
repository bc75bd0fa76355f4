using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Ticketing.Benchmarks;
using Ticketing.Benchmarks.Original;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Benchmarks;

/// <summary>The design that ours is measured against does what the original does, and its mistakes are counted.</summary>
public sealed class OriginalOrdersTests(Servers servers)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_after_the_other_get_what_there_is() => await SellAsync(async (shop, listing) =>
    {
        (await shop.BuyAsync(listing)).ShouldBe(HttpStatusCode.Created);
        (await shop.BuyAsync(listing)).ShouldBe(HttpStatusCode.BadRequest);
        (await shop.BuyAsync(Guid.CreateVersion7())).ShouldBe(HttpStatusCode.NotFound);
        (await shop.SaleAsync(listing)).ShouldBe(new Sale(Sold: 1, Rate: 0));
    });

    [Fact]
    public async Task Two_who_both_look_first_both_get_the_last_ticket() => await SellAsync(async (shop, listing) =>
    {
        HttpStatusCode[] answers;
        await using (var holder = await shop.Orders.OpenAsync(Now))
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            // Looking goes on; inserting waits.
            await holder.ExecuteAsync("LOCK TABLE orders IN SHARE MODE", transaction: transaction);
            var buying = Task.WhenAll(shop.BuyAsync(listing), shop.BuyAsync(listing));
            await Eventually.HoldsAsync(
                async () => await holder.ExecuteScalarAsync<long>(
                    "SELECT count(*) FROM pg_locks WHERE relation = 'orders'::regclass AND NOT granted", transaction: transaction) == 2,
                "both have looked");
            await transaction.CommitAsync();
            answers = await buying;
        }
        answers.ShouldBe([HttpStatusCode.Created, HttpStatusCode.Created]);
        var sale = await shop.SaleAsync(listing);
        (sale.Sold, sale.OversoldOf(1), sale.OversoldOf(5)).ShouldBe((2, 1, 0));
    });

    [Fact]
    public async Task A_rate_begins_with_the_first_order_and_leaves_out_the_cancelled() => await SellAsync(async (shop, listing) =>
    {
        await using var connection = await shop.Orders.OpenAsync(Now);
        await connection.ExecuteAsync(
            """
            INSERT INTO orders
            SELECT gen_random_uuid(), gen_random_uuid(), @listing, 2, CASE WHEN number = 9 THEN 'cancelled' ELSE 'created' END,
                   @start + number * interval '0.5 seconds', @start, 0
            FROM generate_series(0, 9) AS number
            """,
            new { listing, start = DateTime.UnixEpoch });
        (await shop.SaleAsync(listing)).ShouldBe(new Sale(Sold: 18, Rate: 2));
    });

    private async Task SellAsync(Func<Shop, Guid, Task> sell)
    {
        using var users = new TestUsers();
        await using var orders = await OriginalOrders.StartAsync(
            await servers.CreateDatabaseAsync("original"), new Uri(await servers.CreateVirtualHostAsync()),
            builder => builder.Services.AddSingleton(users.Keys), Now);
        var listing = Guid.CreateVersion7();
        await orders.ListAsync(listing, 1, Now);
        await sell(new Shop(orders, users), listing);
    }

    private sealed record Shop(OriginalOrders Orders, TestUsers Users)
    {
        public async Task<HttpStatusCode> BuyAsync(Guid ticketId)
        {
            using var client = new HttpClient { BaseAddress = Orders.Address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", Users.TokenFor(Guid.CreateVersion7(), TimeProvider.System.GetUtcNow()));
            using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId, quantity = 1 });
            return answer.StatusCode;
        }

        public async Task<Sale> SaleAsync(Guid listing)
        {
            await using NpgsqlConnection connection = await Orders.OpenAsync(Now);
            return await Sale.ReadAsync(connection, listing);
        }
    }
}
