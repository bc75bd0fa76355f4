using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>Nobody holds tickets that no card can pay: Stripe's limits are known where orders are placed.</summary>
public sealed class ChargeLimitTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Theory]
    [InlineData(10, "usd", 1, "A card cannot pay 0.10 USD: the least is 0.50 USD in one order.")]
    [InlineData(10, "usd", 4, "A card cannot pay 0.40 USD: the least is 0.50 USD in one order.")]
    [InlineData(49, "eur", 1, "A card cannot pay 0.49 EUR: the least is 0.50 EUR in one order.")]
    [InlineData(29, "gbp", 1, "A card cannot pay 0.29 GBP: the least is 0.30 GBP in one order.")]
    [InlineData(100_000_000, "usd", 1, "A card cannot pay 1,000,000.00 USD: the most is 999,999.99 USD in one order.")]
    [InlineData(10_000_000, "cad", 10, "A card cannot pay 1,000,000.00 CAD: the most is 999,999.99 CAD in one order.")]
    public async Task An_order_that_no_card_can_pay_is_400_with_the_limit_and_holds_nothing(long price, string currency, int quantity, string words)
    {
        var listing = await ListAsync(10, price, currency: currency);
        using var client = Orders.As(Guid.CreateVersion7());

        var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity });

        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe(words);
        (await AvailableAsync(listing.Id)).ShouldBe(10);
        Platform.Broker.Heard<OrderCreated>(told => told.Order.TicketId == listing.Id).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10, "usd", 5, "0.50")]
    [InlineData(30, "gbp", 1, "0.30")]
    [InlineData(10_000_000, "usd", 9, "900000.00")]
    [InlineData(99_999_999, "aud", 1, "999999.99")]
    public async Task An_order_within_the_limits_goes_through_exactly(long price, string currency, int quantity, string amount)
    {
        var listing = await ListAsync(10, price, currency: currency);
        using var client = Orders.As(Guid.CreateVersion7());

        var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"amount\":{amount},");
    }

    /// <summary>Requests that are placed in one transaction are each judged by themselves.</summary>
    [Fact]
    public async Task One_that_cannot_be_paid_does_not_keep_others_from_the_last_tickets()
    {
        var listing = await ListAsync(5, price: 10);

        var answers = await Task.WhenAll(((int[])[1, 2, 3, 4, 5]).Select(async quantity =>
        {
            using var client = Orders.As(Guid.CreateVersion7());
            return (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity })).StatusCode;
        }));

        answers.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.BadRequest, 4), HttpStatusCode.Created]);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_key_gives_the_order_that_was_placed_before_the_price_fell()
    {
        var listing = await ListAsync(10, price: 100);
        using var client = Orders.As(Guid.CreateVersion7());
        client.DefaultRequestHeaders.Add("Idempotency-Key", "key-cheap");
        var first = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Price = 10, Version = 1 }));
        await using var connection = await Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(
            () => connection.ExecuteScalarAsync<long>("SELECT price FROM listings WHERE id = @Id", new { listing.Id }), 10);

        var again = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await again.Content.ReadFromJsonAsync<OrderResponse>())!.Id.ShouldBe((await first.Content.ReadFromJsonAsync<OrderResponse>())!.Id);
    }
}
