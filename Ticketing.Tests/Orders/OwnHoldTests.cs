using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>Who holds the tickets that are missing is told so, and finds the order.</summary>
public sealed class OwnHoldTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    private readonly Guid buyer = Guid.CreateVersion7();

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_reservation_that_fails_for_ones_own_hold_says_which_order_that_is(string limits)
    {
        var service = await Platform.With("RateLimits:Enabled", limits).StartAsync<Ticketing.Orders.Order>();
        Platform.With("RateLimits:Enabled", "true");
        var listing = await ListAsync(quantity: 1);
        var order = await ReserveAsync(buyer, listing);

        using var mine = await service.As(buyer).PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
        (await mine.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("You hold some of them yourself");
        (await OrderIdAsync(mine)).ShouldBe(order.Id);

        using var others = await service.As(Guid.CreateVersion7()).PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
        (await others.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("Not enough tickets are available.");
        (await OrderIdAsync(others)).ShouldBeNull();
    }

    [Fact]
    public async Task What_one_holds_is_listed_for_a_listing_and_for_all()
    {
        var (first, second) = (await ListAsync(), await ListAsync());
        var (paid, cancelled) = (await ReserveAsync(buyer, first), await ReserveAsync(buyer, first));
        var (open, other) = (await ReserveAsync(buyer, first, 2), await ReserveAsync(buyer, second, 3));
        await ReserveAsync(Guid.CreateVersion7(), first);
        await PayAsync(paid);
        (await CancelAsync(cancelled)).EnsureSuccessStatusCode();

        (await ListOrdersAsync("status=open")).ShouldBe([other.Id, open.Id]);
        (await ListOrdersAsync($"status=open&ticketId={first.Id}")).ShouldBe([open.Id]);
        (await ListOrdersAsync($"status=open&ticketId={Guid.CreateVersion7()}")).ShouldBeEmpty();
        (await ListOrdersAsync("")).Count().ShouldBe(4);

        using var client = Orders.As(buyer);
        using var page = await client.GetAsync("/api/orders?status=open&limit=1");
        var next = page.Headers.GetValues("Link").Single().Split('<', '>')[1];
        (await client.GetFromJsonAsync<OrderResponse[]>(next))!.ShouldHaveSingleItem().Id.ShouldBe(open.Id);
    }

    [Theory]
    [InlineData("status=complete", "status")]
    [InlineData("status=", "status")]
    [InlineData("status=open&ticketId=none", "ticketId")]
    [InlineData("ticketId=01938e3c-0000-7000-8000-000000000000", "ticketId")]
    public async Task A_wrong_question_is_400_and_names_the_field(string query, string field)
    {
        using var client = Orders.As(buyer);
        using var answer = await client.GetAsync($"/api/orders?{query}");
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    private async Task<IEnumerable<Guid>> ListOrdersAsync(string query)
    {
        using var client = Orders.As(buyer);
        return (await client.GetFromJsonAsync<OrderResponse[]>($"/api/orders?{query}"))!.Select(order => order.Id);
    }

    private static async Task<Guid?> OrderIdAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["orderId"]?.GetValue<Guid>();
}
