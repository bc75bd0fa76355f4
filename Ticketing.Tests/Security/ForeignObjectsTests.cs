using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Security;

/// <summary>What belongs to somebody else can be neither read nor changed, on any route.</summary>
[Collection(typeof(MarketplaceCollection))]
public sealed class ForeignObjectsTests(Marketplace market)
{
    private static readonly Guid Owner = Guid.CreateVersion7();
    private static readonly Guid Stranger = Guid.CreateVersion7();

    /// <summary>What a stranger asks for with the id of somebody's listing or order. A new route is added here.</summary>
    private static readonly Dictionary<string, Func<TicketResponse, OrderResponse, object?>> Attempts = new()
    {
        ["PUT /api/tickets/{id}"] = (ticket, _) => new { title = "Mine", price = 1, quantity = 1 },
        ["DELETE /api/tickets/{id}"] = (_, _) => null,
        ["GET /api/tickets/{id}/check-ins"] = (_, _) => null,
        ["POST /api/tickets/{id}/check-ins"] = (_, _) => new { code = "7K3M-X9QH-2RTV" },
        ["GET /api/tickets/admissions/{orderId}"] = (_, _) => null,
        ["GET /api/tickets/admissions/{orderId}/ticket"] = (_, _) => null,
        ["GET /api/tickets/{id}/prices"] = (_, _) => null,
        ["GET /api/orders/{id}"] = (_, _) => null,
        ["DELETE /api/orders/{id}"] = (_, _) => null,
        ["GET /api/payments/{orderId}"] = (_, _) => null,
        ["POST /api/payments"] = (_, order) => new { orderId = order.Id, token = "tok_visa" },
        ["POST /api/payments/checkout"] = (_, order) => new { orderId = order.Id },
    };

    [Fact]
    public void Every_route_about_one_thing_is_tried() => Attempts.Keys.ShouldBe(
        market.Routes
            // To wait for somebody's tickets is free to everybody.
            .Where(route => route.NeedsSession && !route.Path.EndsWith("/watch", StringComparison.Ordinal) && !route.Path.Contains("/queue/", StringComparison.Ordinal)
                && (route.Path.Contains('{') || route.Fields?.ContainsKey("orderId") == true))
            .Select(route => route.Name),
        ignoreOrder: true);

    [Theory]
    [InlineData(OrderStatus.Created)]
    [InlineData(OrderStatus.Complete)]
    public async Task A_stranger_reads_and_changes_nothing(string status)
    {
        var ticket = await market.ListAsync(Owner);
        var order = await market.OrderAsync(Owner, ticket);
        using var owner = market.Web.As(Owner);
        if (status == OrderStatus.Complete)
        {
            await market.CreateAsync<JsonNode>(Owner, "/api/payments", new { orderId = order.Id, token = "tok_visa" });
            await Eventually.BecomesAsync(
                async () => (await owner.GetFromJsonAsync<OrderResponse>($"/api/orders/{order.Id}"))!.Status, status);
            await Eventually.BecomesAsync(
                async () => (await owner.GetFromJsonAsync<JsonNode>($"/api/payments/{order.Id}"))!["status"]!.GetValue<string>(),
                PaymentStatus.Captured);
        }
        await Eventually.HoldsAsync(
            async () => (await owner.GetAsync($"/api/tickets/admissions/{order.Id}")).StatusCode != HttpStatusCode.NotFound,
            "Tickets knows the order");
        var before = await SeeAsync(owner, ticket, order);
        using var stranger = market.Web.As(Stranger);

        foreach (var (name, body) in Attempts)
        {
            var route = market.Routes.Single(route => route.Name == name);
            using var request = new HttpRequestMessage(
                new HttpMethod(route.Method), route.PathOf((route.IsAboutListing ? ticket.Id : order.Id).ToString()));
            if (body(ticket, order) is { } content)
                request.Content = JsonContent.Create(content);

            var answer = await stranger.SendAsync(request);

            // Of an order that nobody began to pay there is no payment to belong to anybody.
            var nothing = name == "GET /api/payments/{orderId}" && status == OrderStatus.Created;
            var said = await answer.ShouldBeProblemAsync(nothing ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized);
            said.ShouldBe(nothing ? "Payment not found." : "This belongs to another user.", name);
        }

        (await SeeAsync(owner, ticket, order)).ShouldBe(before);
        (await stranger.GetStringAsync("/api/orders")).ShouldBe("[]");
    }

    private static async Task<string> SeeAsync(HttpClient owner, TicketResponse ticket, OrderResponse order)
    {
        var payment = await owner.GetAsync($"/api/payments/{order.Id}");
        // What Orders changes in it follows a moment later.
        var listing = (await owner.GetFromJsonAsync<JsonObject>($"/api/tickets/{ticket.Id}"))!;
        listing.Remove("available");
        listing.Remove("orderId");
        return string.Join('\n',
            listing.ToJsonString(),
            await owner.GetStringAsync($"/api/orders/{order.Id}"),
            payment.IsSuccessStatusCode ? await payment.Content.ReadAsStringAsync() : "not paid");
    }
}
