using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Orders;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>How many tickets one user may hold at once. The limit is as it is shipped: 50.</summary>
public sealed class HeldLimitTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    private const int Limit = 50;

    [Fact]
    public async Task However_many_orders_come_at_once_one_user_holds_no_more_than_the_limit()
    {
        // Several listings, so that not their rows' locks make the orders wait for each other.
        var listings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ListAsync(quantity: 100, maxPerBuyer: 1000)));
        var buyer = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 160)
            .Select(i => PlaceAsync(buyer, listings[i % listings.Length], 1 + i % 3)));

        (await HeldAsync(buyer)).ShouldBeInRange(Limit - 2, Limit);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created || answer.StatusCode == HttpStatusCode.TooManyRequests);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        (await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests)).ShouldStartWith("You may hold 50 tickets at once");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        // Another buyer does not suffer.
        (await PlaceAsync(Guid.CreateVersion7(), listings[0], 1)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>
    /// The negative control: two orders of one user, each seeing the state before the other. With the turn the second one
    /// waits for the first and finds the limit reached; without it both are placed.
    /// </summary>
    [Theory]
    [InlineData(true, Limit)]
    [InlineData(false, Limit + 10)]
    public async Task Without_taking_turns_two_orders_together_pass_the_limit(bool turns, int held)
    {
        var listings = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ListAsync(quantity: 100, maxPerBuyer: 1000)));
        var buyer = Guid.CreateVersion7();
        for (var i = 0; i < 4; i++)
            (await PlaceAsync(buyer, listings[0], 10)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await using var first = await Platform.OpenAsync("orders");
        await using var second = await Platform.OpenAsync("orders");

        await using var transaction = await first.BeginTransactionAsync();
        await ExecuteAsync(first, listings[0]);
        var overtaking = ExecuteAsync(second, listings[1]);
        if (turns)
            await Eventually.HoldsAsync(() => IsWaitingAsync(second.ProcessID), "the second order waits for its turn");
        else
            await overtaking;
        await transaction.CommitAsync();
        await overtaking;

        (await HeldAsync(buyer)).ShouldBe(held);

        Task ExecuteAsync(NpgsqlConnection connection, ListingState listing) =>
            ExecuteStatementAsync(connection, (turns ? PlaceOrder.Turns : "") + PlaceOrder.Locks, buyer, listing, 10, Limit);
    }

    [Fact]
    public async Task What_is_paid_or_given_back_is_held_no_more_and_a_repeated_request_is_no_new_one()
    {
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 1000);
        var buyer = Guid.CreateVersion7();
        var orders = new List<OrderResponse>();
        for (var i = 0; i < 5; i++)
        {
            var placed = await PlaceAsync(buyer, listing, 10, $"key-{i}");
            orders.Add((await placed.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrderResponse>())!);
        }
        (await PlaceAsync(buyer, listing, 1)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await PlaceAsync(buyer, listing, 10, "key-0")).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await CancelAsync(orders[0])).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await PlaceAsync(buyer, listing, 10)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await PlaceAsync(buyer, listing, 1)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(orders[1], PaymentStatus.Authorized, 1)));
        await BecomesAsync(orders[1], OrderStatus.Complete);
        (await PlaceAsync(buyer, listing, 10)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Load_tests_lift_the_limit()
    {
        var replica = await Platform.With("RateLimits:Enabled", "false").StartAsync<Ticketing.Orders.Order>();
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 1000);
        using var client = replica.As(Guid.CreateVersion7());

        for (var i = 0; i < 6; i++)
        {
            var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity = 10 });
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    private async Task<HttpResponseMessage> PlaceAsync(Guid buyer, ListingState listing, int quantity, string? key = null)
    {
        using var client = Orders.As(buyer);
        if (key is not null)
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity });
    }

    private async Task<long> HeldAsync(Guid buyer)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<long>(
            "SELECT coalesce(sum(quantity), 0) FROM orders WHERE user_id = @buyer AND status = 'created'", new { buyer });
    }
}
