using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Orders;
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
    internal async Task<ListingState> ListAsync(
        int quantity = 10, long price = 1999, DateTimeOffset? startsAt = null, int? maxPerBuyer = null, string currency = "usd")
    {
        var listing = Listing(quantity, price, currency: currency) with { StartsAt = startsAt, MaxPerBuyer = maxPerBuyer };
        await Platform.Broker.PublishAsync(new TicketCreated(listing));
        await Eventually.BecomesAsync(() => AvailableAsync(listing.Id), quantity);
        return listing;
    }

    /// <summary>The listing's stock, or null where Orders does not know it.</summary>
    internal async Task<int?> AvailableAsync(Guid ticketId)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.QuerySingleOrDefaultAsync<int?>(
            "SELECT available FROM listings WHERE id = @ticketId", new { ticketId });
    }

    /// <summary>How many events wait to be published.</summary>
    internal async Task<long> OutboxDepthAsync()
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox");
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

    /// <summary>Asks for tickets as a buyer; whatever the answer.</summary>
    internal async Task<HttpResponseMessage> AskAsync(Guid buyer, ListingState listing, int quantity = 1, object? expected = null)
    {
        using var client = Orders.As(buyer);
        var body = JsonSerializer.SerializeToNode(expected ?? new { }, JsonSerializerOptions.Web)!;
        (body["ticketId"], body["quantity"]) = (listing.Id, quantity);
        return await client.PostAsJsonAsync("/api/orders", body);
    }

    /// <summary>The same where it succeeds.</summary>
    internal async Task<OrderResponse> ReserveAsync(Guid buyer, ListingState listing, int quantity = 1)
    {
        using var answer = await AskAsync(buyer, listing, quantity);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<OrderResponse>())!;
    }

    /// <summary>Tells, through the broker, that the order's money is there.</summary>
    internal async Task PayAsync(OrderResponse order)
    {
        await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(order, PaymentStatus.Authorized, 1)));
        await BecomesAsync(order, OrderStatus.Complete);
    }

    /// <summary>Places one order by the service's statement on a connection of the test's, behind these of its guards.</summary>
    internal async Task ExecuteStatementAsync(
        NpgsqlConnection connection, string guards, Guid buyer, ListingState listing, int quantity, int? maxHeld)
    {
        var now = Platform.Clock.GetUtcNow();
        await connection.ExecuteAsync(
            guards + PlaceOrder.Statement,
            new
            {
                ids = new[] { Guid.CreateVersion7() }, userIds = new[] { buyer }, ticketIds = new[] { listing.Id },
                quantities = new[] { quantity }, keys = new string?[] { null }, traceParents = new string?[] { null },
                expectedPrices = new long?[] { null }, expectedCurrencies = new string?[] { null }, expectedVersions = new int?[] { null },
                now, expiresAt = now.AddMinutes(1), keysSince = DateTimeOffset.UnixEpoch, maxHeld,
                defaultMaxPerBuyer = ListingState.DefaultMaxPerBuyer, pause = PlaceOrder.Pause,
                currencies = ChargeLimits.Currencies.ToArray(), smallest = ChargeLimits.Currencies.Select(ChargeLimits.Smallest).ToArray(),
                largest = ChargeLimits.Largest,
            });
    }

    /// <summary>Whether a connection waits for a user's turn.</summary>
    internal async Task<bool> IsWaitingAsync(int process)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = @process AND locktype = 'advisory' AND NOT granted)", new { process });
    }

    internal Task<HttpResponseMessage> CancelAsync(OrderResponse order, Guid? by = null) =>
        Orders.As(by ?? order.UserId).DeleteAsync($"/api/orders/{order.Id}");
}
