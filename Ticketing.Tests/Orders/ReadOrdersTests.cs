using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class ReadOrdersTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task A_buyer_sees_their_own_orders_only_newest_first()
    {
        var listing = await ListAsync();
        var buyer = Guid.CreateVersion7();
        using var client = Orders.As(buyer);
        var placed = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
            placed.Add((await answer.Content.ReadFromJsonAsync<OrderResponse>())!.Id);
        }
        await PlaceAsync(listing);

        var seen = await client.GetFromJsonAsync<OrderResponse[]>("/api/orders");

        seen!.Select(order => order.Id).ShouldBe(Enumerable.Reverse(placed));
    }

    [Fact]
    public async Task Pages_follow_the_link_header_to_the_end()
    {
        var listing = await ListAsync();
        using var client = Orders.As(Guid.CreateVersion7());
        for (var i = 0; i < 5; i++)
            (await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id })).EnsureSuccessStatusCode();

        var seen = new List<Guid>();
        var pages = 0;
        for (var next = "/api/orders?limit=2"; next is not null; pages++)
        {
            var answer = await client.GetAsync(next);
            seen.AddRange((await answer.Content.ReadFromJsonAsync<OrderResponse[]>())!.Select(order => order.Id));
            next = answer.Headers.TryGetValues("Link", out var links)
                ? links.Single().Replace("<", "", StringComparison.Ordinal).Split('>')[0]
                : null;
        }

        pages.ShouldBe(3);
        seen.Distinct().Count().ShouldBe(5);
        seen.ShouldBe(seen.OrderDescending());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=%00%ff", "cursor")]
    public async Task A_wrong_query_is_400(string query, string field)
    {
        using var client = Orders.As(Guid.CreateVersion7());

        await (await client.GetAsync($"/api/orders?{query}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Other_peoples_unknown_and_malformed_orders_are_not_shown()
    {
        var order = await PlaceAsync(await ListAsync());
        using var stranger = Orders.As(Guid.CreateVersion7());
        using var nobody = Orders.Anonymous();

        await (await stranger.GetAsync($"/api/orders/{order.Id}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await stranger.GetAsync($"/api/orders/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.GetAsync("/api/orders/42")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await nobody.GetAsync("/api/orders/42")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await nobody.GetAsync("/api/orders")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }
}
