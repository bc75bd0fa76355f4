using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>A buyer agrees to a price: to the one that was seen and to no other.</summary>
public sealed class ExpectedPriceTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    private readonly Guid buyer = Guid.CreateVersion7();

    [Fact]
    public async Task At_another_price_than_the_one_that_was_seen_nothing_is_reserved_and_the_new_one_is_said()
    {
        var listing = await ListAsync(price: 1000);
        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1, Price = 9900 }));

        await using var connection = await Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(
            () => connection.ExecuteScalarAsync<long>("SELECT price FROM listings WHERE id = @Id", new { listing.Id }), 9900L);

        var (message, now) = await RefusedAsync(listing, new { expectedPrice = 10m });
        message.ShouldBe("The price is now 99.00 usd for one ticket. Nothing was reserved.");
        (now["price"]!.GetValue<decimal>(), now["currency"]!.ToString(), now["version"]!.GetValue<int>()).ShouldBe((99m, "usd", 1));
        (await RefusedAsync(listing, new { expectedPrice = 99, expectedCurrency = "eur" })).Message.ShouldStartWith("The price is now 99.00 usd");
        (await RefusedAsync(listing, new { version = 0 })).Message.ShouldStartWith("The seller has changed this listing");
        var left = await AvailableAsync(listing.Id);

        using var agreed = await AskAsync(buyer, listing, 1, new { expectedPrice = "99.00", expectedCurrency = "usd", version = 1 });
        agreed.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await AvailableAsync(listing.Id)).ShouldBe(left - 1);
    }

    [Theory]
    [InlineData("""{"expectedPrice":9.999}""", "expectedPrice")]
    [InlineData("""{"expectedPrice":"cheap"}""", "expectedPrice")]
    [InlineData("""{"expectedCurrency":"dollar"}""", "expectedCurrency")]
    [InlineData("""{"expectedCurrency":"us\u0000"}""", "expectedCurrency")]
    [InlineData("""{"version":"new"}""", "version")]
    public async Task What_cannot_be_a_price_is_400_and_names_the_field(string expected, string field)
    {
        var listing = await ListAsync();
        using var answer = await AskAsync(buyer, listing, 1, JsonNode.Parse(expected));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task The_same_key_at_another_expected_price_is_another_order()
    {
        var listing = await ListAsync(price: 1000);
        using var client = Orders.As(buyer);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "one");
        (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id })).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, expectedPrice = 10 })).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, expectedPrice = 12 }))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    private async Task<(string Message, JsonNode Problem)> RefusedAsync(ListingState listing, object expected)
    {
        using var answer = await AskAsync(buyer, listing, 1, expected);
        return (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest), (await answer.Content.ReadFromJsonAsync<JsonNode>())!);
    }
}
