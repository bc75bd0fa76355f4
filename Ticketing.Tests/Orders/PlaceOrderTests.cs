using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class PlaceOrderTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task A_placed_order_holds_its_tickets_and_is_told_to_everybody()
    {
        var listing = await ListAsync(quantity: 3, price: 1999);
        var buyer = Guid.CreateVersion7();
        using var client = Orders.As(buyer);

        var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity = 2 });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = await answer.Content.ReadAsStringAsync();
        var order = JsonNode.Parse(body)!;
        answer.Headers.Location!.ToString().ShouldBe($"/api/orders/{order["id"]}");
        order["userId"]!.ToString().ShouldBe(buyer.ToString());
        order["amount"]!.ToJsonString().ShouldBe("39.98");
        order["status"]!.ToString().ShouldBe("created");
        order["version"]!.GetValue<int>().ShouldBe(0);
        order["ticket"]!["id"]!.ToString().ShouldBe(listing.Id.ToString());
        order["ticket"]!["price"]!.ToJsonString().ShouldBe("19.99");
        order["expiresAt"]!.ToString().ShouldEndWith("Z");
        (await client.GetStringAsync(answer.Headers.Location)).ShouldBe(body, "the body of a 201 equals that of the next GET");
        (await AvailableAsync(listing.Id)).ShouldBe(1);
        var told = await Platform.Broker.HearAsync<OrderCreated>(created => created.Order.TicketId == listing.Id);
        told.Order.UserId.ShouldBe(buyer);
        told.Order.Amount.ShouldBe(3998);
        told.Order.Version.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_session_it_is_401_even_for_a_broken_body()
    {
        using var client = Orders.Anonymous();

        var answer = await client.PostAsync("/api/orders", Json("no json"));

        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("no json", null)]
    [InlineData("", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("""{"ticketId":1}""", "ticketId")]
    [InlineData("""{}""", "ticketId")]
    [InlineData("""{"ticketId":"no-id"}""", "ticketId")]
    [InlineData("""{"ticketId":"01938e3c-0000-7000-8000-000000000000","quantity":0}""", "quantity")]
    [InlineData("""{"ticketId":"01938e3c-0000-7000-8000-000000000000","quantity":11}""", "quantity")]
    [InlineData("""{"ticketId":"01938e3c-0000-7000-8000-000000000000","quantity":-1}""", "quantity")]
    [InlineData("""{"ticketId":"01938e3c-0000-7000-8000-000000000000","quantity":1.5}""", "quantity")]
    [InlineData("""{"ticketId":"01938e3c-0000-7000-8000-000000000000","quantity":"two"}""", "quantity")]
    [InlineData("""{"ticketId":"01938e3c-0000-7000-8000-000000000000","quantity":99999999999}""", "quantity")]
    public async Task A_wrong_body_is_400_and_names_the_field(string body, string? field)
    {
        using var client = Orders.As(Guid.CreateVersion7());

        var answer = await client.PostAsync("/api/orders", Json(body));

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_body_is_told_at_once_and_of_a_malformed_id_what_every_service_says()
    {
        using var client = Orders.As(Guid.CreateVersion7());

        using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = "no-id", quantity = 11 });

        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "ticketId"))
            .ShouldBe("This is no id: an id looks like 01980000-0000-7000-8000-000000000000.");
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray().Select(error => error!["field"]!.ToString())
            .ShouldBe(["ticketId", "quantity"]);
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_refused()
    {
        using var client = Orders.As(Guid.CreateVersion7());

        var answer = await client.PostAsync("/api/orders", Json($$"""{"ticketId":"{{new string('x', 70_000)}}"}"""));

        await answer.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_unknown_listing_is_404()
    {
        using var client = Orders.As(Guid.CreateVersion7());

        var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = Guid.CreateVersion7() });

        await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_withdrawn_listing_is_404()
    {
        var listing = await ListAsync();
        await Platform.Broker.PublishAsync(new TicketDeleted(listing with { Version = 1 }));
        using var client = Orders.As(Guid.CreateVersion7());

        await Eventually.BecomesAsync(
            async () => (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id })).StatusCode,
            HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task More_than_there_are_is_400_and_takes_nothing()
    {
        var listing = await ListAsync(quantity: 2);
        using var client = Orders.As(Guid.CreateVersion7());

        var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity = 3 });

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        (await AvailableAsync(listing.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_order_and_takes_stock_once()
    {
        var listing = await ListAsync(quantity: 1);
        var buyer = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PlaceAsync(buyer, listing.Id, 1, "key-1")));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        var ids = await Task.WhenAll(answers.Select(async answer => (await ReadAsync(answer)).Id));
        ids.Distinct().Count().ShouldBe(1);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_400_and_of_another_user_another_order()
    {
        var listing = await ListAsync(quantity: 10);
        var buyer = Guid.CreateVersion7();
        var first = await ReadAsync(await PlaceAsync(buyer, listing.Id, 1, "key-2"));

        await (await PlaceAsync(buyer, listing.Id, 2, "key-2")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        var other = await ReadAsync(await PlaceAsync(Guid.CreateVersion7(), listing.Id, 1, "key-2"));

        other.Id.ShouldNotBe(first.Id);
        (await AvailableAsync(listing.Id)).ShouldBe(8);
    }

    [Fact]
    public async Task A_failure_is_not_kept_under_its_key()
    {
        var listing = await ListAsync(quantity: 1);
        var buyer = Guid.CreateVersion7();
        await (await PlaceAsync(buyer, listing.Id, 2, "key-3")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        var answer = await PlaceAsync(buyer, listing.Id, 1, "key-3");

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_is_free_again_after_24_hours()
    {
        var listing = await ListAsync(quantity: 10);
        var buyer = Guid.CreateVersion7();
        var first = await ReadAsync(await PlaceAsync(buyer, listing.Id, 1, "key-4"));
        Platform.Clock.Turn(TimeSpan.FromHours(24));

        var second = await ReadAsync(await PlaceAsync(buyer, listing.Id, 2, "key-4"));

        second.Id.ShouldNotBe(first.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData(256)]
    public async Task A_key_that_is_empty_or_too_long_is_400(object key)
    {
        var listing = await ListAsync();

        var answer = await PlaceAsync(Guid.CreateVersion7(), listing.Id, 1, key is int length ? new string('k', length) : "");

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "Idempotency-Key");
    }

    private async Task<HttpResponseMessage> PlaceAsync(Guid buyer, Guid ticketId, int quantity, string key)
    {
        using var client = Orders.As(buyer);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders")
        {
            Content = JsonContent.Create(new { ticketId, quantity }),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    private static async Task<OrderResponse> ReadAsync(HttpResponseMessage answer) =>
        (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrderResponse>())!;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
