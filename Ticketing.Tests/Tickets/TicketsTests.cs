using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>Tickets, running on a database and a virtual host of its own for one test class.</summary>
public sealed class TicketsFixture(Servers servers) : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    internal TestService<Ticketing.Tickets.Listing> Tickets { get; private set; } = null!;

    /// <summary>The guards that it runs without.</summary>
    internal IReadOnlyList<Mutation> Without { get; init; } = [];

    public async ValueTask InitializeAsync()
    {
        Platform = (await TestPlatform.CreateAsync(servers, "tickets")).Without(Without);
        Tickets = await Platform.StartAsync<Ticketing.Tickets.Listing>();
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}

/// <summary>What the tests of Tickets do again and again; orders are made by events.</summary>
public abstract class TicketsTests(TicketsFixture fixture) : IClassFixture<TicketsFixture>
{
    internal TestPlatform Platform => fixture.Platform;

    internal TestService<Ticketing.Tickets.Listing> Tickets => fixture.Tickets;

    internal Task<HttpResponseMessage> PostAsync(object listing, Guid? seller = null) =>
        Tickets.As(seller ?? Guid.CreateVersion7()).PostAsync("/api/tickets", Json(listing));

    internal Task<HttpResponseMessage> PutAsync(TicketResponse listing, object change, Guid? by = null) =>
        Tickets.As(by ?? listing.UserId).PutAsync($"/api/tickets/{listing.Id}", Json(change));

    internal Task<HttpResponseMessage> DeleteAsync(TicketResponse listing, Guid? by = null) =>
        Tickets.As(by ?? listing.UserId).DeleteAsync($"/api/tickets/{listing.Id}");

    /// <summary>Lists tickets.</summary>
    internal async Task<TicketResponse> ListAsync(
        int quantity = 1, string title = "Concert", string? venue = null, Guid? seller = null, DateTimeOffset? startsAt = null)
    {
        using var answer = await PostAsync(new { title, price = 19.99m, quantity, venue, startsAt }, seller);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<TicketResponse>())!;
    }

    /// <summary>The listing as everybody sees it now.</summary>
    internal async Task<TicketResponse> SeeAsync(TicketResponse listing)
    {
        using var client = Tickets.Anonymous();
        return (await client.GetFromJsonAsync<TicketResponse>($"/api/tickets/{listing.Id}"))!;
    }

    /// <summary>Text is sent as it is, so that it can be any JSON or none.</summary>
    private static HttpContent Json(object body) => body is string text
        ? new StringContent(text, System.Text.Encoding.UTF8, "application/json")
        : JsonContent.Create(body);

    /// <summary>An order of this listing in some state, as Orders would tell it.</summary>
    internal static OrderState Order(Guid ticketId, string status, int version, int quantity = 1, Guid? id = null) => new(
        id ?? Guid.CreateVersion7(), Guid.CreateVersion7(), ticketId, quantity, 1999 * quantity, "usd", status,
        status == OrderStatus.Cancelled ? CancelReason.Expired : null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
        "Concert", 1999, 0, null, null, version,
        status == OrderStatus.Created ? null : DateTimeOffset.UnixEpoch.AddDays(version).AddHours(23));

    /// <summary>Tells, through the broker, that an order holds some of it.</summary>
    internal async Task<OrderState> HoldAsync(TicketResponse listing, int quantity = 1)
    {
        var order = Order(listing.Id, OrderStatus.Created, 0, quantity);
        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Eventually.HoldsAsync(async () => await StateAsync(order.Id) == "held", "the order's tickets are held");
        return order;
    }

    /// <summary>Tells, through the broker, that the order's tickets are sold.</summary>
    internal async Task SellAsync(OrderState order)
    {
        await Platform.Broker.PublishAsync(
            new OrderCompleted(order with { Status = OrderStatus.Complete, Version = order.Version + 1 }));
        await Eventually.HoldsAsync(async () => await StateAsync(order.Id) == "sold", "the order's tickets are sold");
    }

    /// <summary>A paid order, as Orders would tell it from beginning to end.</summary>
    internal async Task<OrderState> BuyAsync(TicketResponse listing, int quantity = 1)
    {
        var order = await HoldAsync(listing, quantity);
        await SellAsync(order);
        return order with { Status = OrderStatus.Complete, Version = order.Version + 1 };
    }

    /// <summary>Tells, through the broker, that the order's tickets are free again.</summary>
    internal async Task FreeAsync(OrderState order)
    {
        await Platform.Broker.PublishAsync(
            new OrderCancelled(order with { Status = OrderStatus.Cancelled, Version = order.Version + 1 }));
        await Eventually.HoldsAsync(async () => await StateAsync(order.Id) == "freed", "the order's tickets are free");
    }

    internal async Task<string?> StateAsync(Guid orderId)
    {
        await using var connection = await Platform.OpenAsync("tickets");
        return await connection.QuerySingleOrDefaultAsync<string>(
            "SELECT state FROM reservations WHERE order_id = @orderId", new { orderId });
    }

    /// <summary>The listing's totals, after checking that they and its sales by day are the sums of its reservations.</summary>
    internal async Task<(int Held, int Sold)> TotalsAsync(Guid ticketId)
    {
        await using var connection = await Platform.OpenAsync("tickets");
        var (totals, sums) = (await ReadAsync("SELECT held, sold FROM tickets WHERE id = @ticketId"), await ReadAsync(
            """
            SELECT
                coalesce(sum(quantity) FILTER (WHERE state = 'held'), 0)::int,
                coalesce(sum(quantity) FILTER (WHERE state = 'sold'), 0)::int
            FROM reservations WHERE ticket_id = @ticketId
            """));
        totals.ShouldBe(sums);
        var booked = await connection.QueryAsync<(DateTime Day, string Currency, long Tickets, long Amount)>(
            """
            SELECT day::timestamp, currency, tickets, amount FROM sales
            WHERE ticket_id = @ticketId AND (tickets, amount) <> (0, 0)
            ORDER BY 1, 2
            """,
            new { ticketId });
        booked.ShouldBe(await connection.QueryAsync<(DateTime Day, string Currency, long Tickets, long Amount)>(
            """
            SELECT date_trunc('day', sold_at AT TIME ZONE 'UTC'), currency, sum(quantity)::bigint, sum(amount)::bigint
            FROM reservations WHERE ticket_id = @ticketId AND state = 'sold'
            GROUP BY 1, 2 ORDER BY 1, 2
            """,
            new { ticketId }));
        return totals;

        Task<(int Held, int Sold)> ReadAsync(string sql) => connection.QuerySingleAsync<(int, int)>(sql, new { ticketId });
    }
}
