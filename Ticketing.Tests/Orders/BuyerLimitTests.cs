using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Orders;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>
/// How many tickets of a listing one buyer may have, held and bought together, and the pause for who holds them for nothing.
/// </summary>
public sealed class BuyerLimitTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    private readonly Guid buyer = Guid.CreateVersion7();

    [Fact]
    public async Task What_is_held_and_what_was_bought_count_together()
    {
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 6);
        await PayAsync(await ReserveAsync(buyer, listing, 3));
        var held = await ReserveAsync(buyer, listing, 2);

        using var refused = await AskAsync(buyer, listing, 2);
        (await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest))
            .ShouldBe("One buyer may have 6 of these tickets. You hold 2 and have bought 3 of them.");
        (await refused.Content.ReadFromJsonAsync<JsonNode>())!["orderId"]!.GetValue<Guid>().ShouldBe(held.Id);

        await ReserveAsync(buyer, listing, 1);
        await (await AskAsync(buyer, listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        // Other buyers and other listings have nothing to do with it.
        await ReserveAsync(Guid.CreateVersion7(), listing, 6);
        await ReserveAsync(buyer, await ListAsync(), 6);
        (await AvailableAsync(listing.Id)).ShouldBe(100 - 6 - 6);
    }

    [Fact]
    public async Task It_is_ten_unless_the_seller_says_otherwise_and_the_newest_word_counts()
    {
        var listing = await ListAsync(quantity: 100);
        await ReserveAsync(buyer, listing, 10);
        await (await AskAsync(buyer, listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1, MaxPerBuyer = 12 }));

        await Eventually.BecomesAsync(async () => (await AskAsync(buyer, listing, 2)).StatusCode, HttpStatusCode.Created);
        await (await AskAsync(buyer, listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    /// <summary>
    /// The negative control: two orders of one buyer, each seeing the state before the other. With the guards the second one
    /// waits for the first and finds the limit reached; without them both are placed.
    /// </summary>
    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 8)]
    public async Task Without_guards_two_orders_together_pass_the_limit(bool guarded, int held)
    {
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 4);
        var guards = guarded ? PlaceOrder.Turns + PlaceOrder.Locks : "";
        await using var first = await Platform.OpenAsync("orders");
        await using var second = await Platform.OpenAsync("orders");

        await using var transaction = await first.BeginTransactionAsync();
        await ExecuteStatementAsync(first, guards, buyer, listing, 4, maxHeld: 50);
        var overtaking = ExecuteStatementAsync(second, guards, buyer, listing, 4, maxHeld: 50);
        // For the buyer's turn; or, having looked, only for the listing's row.
        await Platform.WaitingAsync("orders", 1);
        await transaction.CommitAsync();
        await overtaking;

        await using var connection = await Platform.OpenAsync("orders");
        (await connection.ExecuteScalarAsync<long>("SELECT coalesce(sum(quantity), 0) FROM orders WHERE user_id = @buyer", new { buyer }))
            .ShouldBe(held);
    }

    [Fact]
    public async Task Of_many_orders_of_one_buyer_at_once_no_more_than_the_limit_are_placed()
    {
        var replica = await Platform.StartAsync<Ticketing.Orders.Order>();
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 7);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            using var client = (number % 2 == 0 ? Orders : replica).As(buyer);
            return (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id })).StatusCode;
        }));

        answers.Count(status => status == HttpStatusCode.Created).ShouldBe(7);
        (await AvailableAsync(listing.Id)).ShouldBe(93);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_lets_two_holds_of_a_listing_go_unpaid_waits_a_minute_before_the_next(bool expire)
    {
        var listing = await ListAsync(quantity: 100);
        await EndAsync();
        await EndAsync();

        using (var refused = await AskAsync(buyer, listing))
        {
            (await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests)).ShouldStartWith("You have let two reservations");
            refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        }
        // Other buyers and other listings have nothing to do with it.
        await ReserveAsync(Guid.CreateVersion7(), listing);
        await ReserveAsync(buyer, await ListAsync());

        Platform.Clock.Turn(TimeSpan.FromSeconds(61));
        await EndAsync();
        // The third one is one too many as well.
        await (await AskAsync(buyer, listing)).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);

        async Task EndAsync()
        {
            var order = await ReserveAsync(buyer, listing, 5);
            if (expire)
                await ExpireAsync(order);
            else
                (await CancelAsync(order)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
    }

    [Fact]
    public async Task A_hold_that_is_paid_after_its_time_was_not_for_nothing()
    {
        var listing = await ListAsync(quantity: 100);
        (await CancelAsync(await ReserveAsync(buyer, listing))).EnsureSuccessStatusCode();
        var late = await ReserveAsync(buyer, listing);
        await ExpireAsync(late);
        await PayAsync(late);

        await ReserveAsync(buyer, listing);
    }

    [Fact]
    public async Task Load_tests_lift_the_limit_and_the_pause()
    {
        var replica = await Platform.With("RateLimits:Enabled", "false").StartAsync<Ticketing.Orders.Order>();
        Platform.With("RateLimits:Enabled", "true");
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 1);
        using var client = replica.As(buyer);

        for (var i = 0; i < 4; i++)
        {
            using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity = 10 });
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            if (i % 2 == 0)
                (await client.DeleteAsync(answer.Headers.Location)).EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Among_many_orders_what_a_buyer_has_is_looked_up_in_indexes()
    {
        await using var connection = await Platform.OpenAsync("orders");
        await connection.ExecuteAsync(
            """
            INSERT INTO orders (
                id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version, status, reason,
                created_at, hold_ends_at, expires_at, payment_intent_id, unpaid_at)
            SELECT
                gen_random_uuid(), @buyer, gen_random_uuid(), 1, 1, 'usd', '', 1, 0,
                CASE i % 2 WHEN 0 THEN 'complete' ELSE 'cancelled' END, CASE i % 2 WHEN 1 THEN 'expired' END,
                now(), now(), now(), '', CASE i % 2 WHEN 1 THEN now() END
            FROM generate_series(1, 20000) AS i;
            ANALYZE orders;
            """,
            new { buyer });

        (await PlanAsync("SELECT sum(quantity) FROM orders WHERE user_id = @buyer AND ticket_id = @buyer AND status = 'complete'"))
            .ShouldContain("orders_bought");
        (await PlanAsync("SELECT unpaid_at FROM orders WHERE user_id = @buyer AND ticket_id = @buyer AND unpaid_at IS NOT NULL ORDER BY unpaid_at DESC LIMIT 2"))
            .ShouldContain("orders_unpaid");
        (await PlanAsync(ListOrders.OnlyOpen)).ShouldContain("orders_held_of_user");

        async Task<string> PlanAsync(string statement) => string.Join('\n', await connection.QueryAsync<string>(
            $"EXPLAIN {statement}", new { buyer, userId = buyer, before = buyer, ticketId = (Guid?)null, size = 50 }));
    }
}
