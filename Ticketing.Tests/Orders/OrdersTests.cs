using System.Net.Http.Json;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>Orders, running on a database and a virtual host of its own for one test class.</summary>
public sealed class OrdersFixture(Servers servers) : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    internal TestService<Ticketing.Orders.Order> Orders { get; private set; } = null!;

    /// <summary>The guards that it runs without.</summary>
    internal IReadOnlyList<Mutation> Without { get; init; } = [];

    /// <summary>Replaces registrations.</summary>
    internal Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? Configure { get; init; }

    public async ValueTask InitializeAsync()
    {
        Platform = (await TestPlatform.CreateAsync(servers, "orders")).Without(Without);
        Orders = await Platform.StartAsync<Ticketing.Orders.Order>(Configure);
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}

/// <summary>What the tests of Orders do again and again; listings and payments are made by events.</summary>
public abstract class OrdersTests(OrdersFixture fixture) : IClassFixture<OrdersFixture>
{
    internal TestPlatform Platform => fixture.Platform;

    internal TestService<Ticketing.Orders.Order> Orders => fixture.Orders;

    internal static ListingState Listing(
        int quantity = 10, long price = 1999, int version = 0, Guid? id = null, string currency = "usd") => new(
        id ?? Guid.CreateVersion7(), Guid.CreateVersion7(), "Concert", price, currency, quantity, null, null, null,
        DateTimeOffset.UnixEpoch, version);

    /// <summary>A listing that Orders knows.</summary>
    internal async Task<ListingState> ListAsync(int quantity = 10, long price = 1999, string currency = "usd")
    {
        var listing = Listing(quantity, price, currency: currency);
        await Platform.Broker.PublishAsync(new TicketCreated(listing));
        await Eventually.BecomesAsync(() => AvailableAsync(listing.Id), quantity);
        return listing;
    }

    /// <summary>The listing's stock, or null where Orders does not know it.</summary>
    internal async Task<int?> AvailableAsync(Guid ticketId)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await Dapper.SqlMapper.QuerySingleOrDefaultAsync<int?>(
            connection, "SELECT available FROM listings WHERE id = @ticketId", new { ticketId });
    }

    /// <summary>How many events wait to be published.</summary>
    internal async Task<long> OutboxDepthAsync()
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT count(*) FROM outbox");
    }

    /// <summary>Places an order of a new buyer, who is its <c>UserId</c>.</summary>
    internal async Task<OrderResponse> PlaceAsync(ListingState listing, int quantity = 1)
    {
        using var client = Orders.As(Guid.CreateVersion7());
        var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id, quantity });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrderResponse>())!;
    }

    /// <summary>The order as its buyer sees it now.</summary>
    internal async Task<OrderResponse> SeeAsync(OrderResponse order)
    {
        using var client = Orders.As(order.UserId);
        return (await client.GetFromJsonAsync<OrderResponse>($"/api/orders/{order.Id}"))!;
    }

    internal Task BecomesAsync(OrderResponse order, string status) =>
        Eventually.BecomesAsync(async () => (await SeeAsync(order)).Status, status);

    /// <summary>Lets the order's hold run out, with everything that ends it.</summary>
    internal async Task ExpireAsync(OrderResponse order)
    {
        Platform.Clock.Turn(TimeSpan.FromSeconds(61));
        await Platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));
        await BecomesAsync(order, OrderStatus.Cancelled);
    }

    /// <summary>A payment of this order in some state, as Payments would tell it.</summary>
    internal PaymentState Payment(
        OrderResponse order, string status, int version, string? intent = null, Guid? id = null) => new(
        id ?? order.Id, order.Id, order.UserId, intent ?? $"pi_{order.Id:N}", 1, status,
        (long)(order.Amount * 100), order.Currency, null, Platform.Clock.GetUtcNow(), version);

    internal Task<HttpResponseMessage> CancelAsync(OrderResponse order, Guid? by = null) =>
        Orders.As(by ?? order.UserId).DeleteAsync($"/api/orders/{order.Id}");
}
