using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using RabbitMQ.Client;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>What is committed is published, whatever becomes of the broker. Seen on Orders, with a broker of its own.</summary>
public sealed class OutboxTests(Servers servers) : IAsyncLifetime
{
    private TestServer broker = null!;
    private TestPlatform platform = null!;

    public async ValueTask InitializeAsync()
    {
        broker = await TestServer.StartRabbitMQAsync();
        // One buyer takes more here than one may.
        platform = (await TestPlatform.CreateOnAsync(servers, broker.ConnectionString, "orders")).With("RateLimits:Enabled", "false");
    }

    public async ValueTask DisposeAsync()
    {
        await platform.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Orders_placed_while_the_broker_is_away_for_30_seconds_are_all_told_when_it_is_back()
    {
        var orders = await platform.StartAsync<Ticketing.Orders.Order>();
        var ticketId = await InsertListingAsync(quantity: 1000);
        var buyer = Guid.CreateVersion7();
        using var client = orders.As(buyer);
        await PlaceAsync(20);

        await broker.KillAsync();
        await PlaceAsync(20);
        (await client.GetAsync("/health")).IsSuccessStatusCode.ShouldBeTrue("the service works on, degraded");
        await Task.Delay(TimeSpan.FromSeconds(30));
        await PlaceAsync(20);
        await broker.StartAgainAsync();
        await PlaceAsync(20);

        await Eventually.BecomesAsync(() => OutboxDepthAsync(), 0L, TimeSpan.FromSeconds(60));
        // Tickets does not run here, so all that it was told is still in its queue.
        (await DrainAsync(Topology.TicketsOrders, nameof(OrderCreated))).Distinct().Count().ShouldBe(80);

        async Task PlaceAsync(int count)
        {
            for (var i = 0; i < count; i++)
                (await client.PostAsJsonAsync("/api/orders", new { ticketId })).EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task An_event_that_cannot_be_published_stays_and_does_not_hold_up_the_others()
    {
        var orders = await platform.StartAsync<Ticketing.Orders.Order>();
        var ticketId = await InsertListingAsync(quantity: 1);
        await using var connection = await platform.OpenAsync("orders");
        await connection.ExecuteAsync("INSERT INTO outbox (type, body) VALUES ('NobodyKnowsThis', '{}')");

        using var client = orders.As(Guid.CreateVersion7());
        (await client.PostAsJsonAsync("/api/orders", new { ticketId })).EnsureSuccessStatusCode();

        await platform.Broker.HearAsync<OrderCreated>(created => created.Order.TicketId == ticketId);
        await Eventually.BecomesAsync(
            () => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox WHERE type = 'NobodyKnowsThis' AND attempts > 0"), 1L);
        await Eventually.BecomesAsync(() => OutboxDepthAsync(), 1L);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_stays_alone()
    {
        await platform.StartAsync<Ticketing.Orders.Order>();
        await using var connection = await platform.OpenAsync("orders");

        await connection.ExecuteAsync(
            """
            INSERT INTO outbox (type, body)
            SELECT 'ListingCorrected', jsonb_build_object('ticketId', gen_random_uuid(), 'quantity', n, 'version', 0) FROM generate_series(1, 20) AS n;
            INSERT INTO outbox (type, body) VALUES
                ('ListingCorrected', (repeat('[', 100) || repeat(']', 100))::jsonb),
                ('ListingCorrected', (repeat('[', 63) || repeat(']', 63))::jsonb);
            """);

        await Eventually.BecomesAsync(() => OutboxDepthAsync(), 2L);
        await Eventually.HoldsAsync(() => Task.FromResult(platform.Broker.Heard<ListingCorrected>().Count == 20), "the others are told");
    }

    [Fact]
    public async Task Two_relays_share_the_rows_and_publish_each_once()
    {
        await platform.StartAsync<Ticketing.Orders.Order>();
        await platform.StartAsync<Ticketing.Orders.Order>();
        await using var connection = await platform.OpenAsync("orders");

        await connection.ExecuteAsync(
            """
            INSERT INTO outbox (type, body)
            SELECT 'ListingCorrected', jsonb_build_object('ticketId', gen_random_uuid(), 'quantity', n, 'version', 0)
            FROM generate_series(1, 2000) AS n
            """);

        await Eventually.BecomesAsync(() => OutboxDepthAsync(), 0L);
        await Eventually.HoldsAsync(
            () => Task.FromResult(platform.Broker.Heard<ListingCorrected>().Count == 2000), "2,000 events were told");
        platform.Broker.Heard<ListingCorrected>().Select(told => told.Quantity).ShouldBe(Enumerable.Range(1, 2000), ignoreOrder: true);
    }

    [Fact]
    public async Task Republishing_tells_every_order_again()
    {
        var orders = await platform.StartAsync<Ticketing.Orders.Order>();
        var ticketId = await InsertListingAsync(quantity: 10);
        using var client = orders.As(Guid.CreateVersion7());
        for (var i = 0; i < 3; i++)
            (await client.PostAsJsonAsync("/api/orders", new { ticketId })).EnsureSuccessStatusCode();
        await using var connection = await platform.OpenAsync("orders");
        await connection.ExecuteAsync(
            "INSERT INTO verdicts SELECT 'pi_refused', gen_random_uuid(), id, now() FROM orders LIMIT 1");

        var ids = await connection.QueryAsync<Guid>(
            Ticketing.Orders.RepublishOrders.Page, new { after = Guid.Empty, size = 500 });

        ids.Count().ShouldBe(3);
        foreach (var id in ids)
            await Eventually.HoldsAsync(
                () => Task.FromResult(platform.Broker.Heard<OrderCreated>(created => created.Order.Id == id).Count == 2), "it is told twice");
        (await platform.Broker.HearAsync<PaymentRefused>()).PaymentIntentId.ShouldBe("pi_refused");
    }

    /// <summary>Takes everything out of a queue, and gives the orders that events of this type tell of.</summary>
    private async Task<List<string>> DrainAsync(string queue, string type)
    {
        var factory = new ConnectionFactory { Uri = new Uri(broker.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var orders = new List<string>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
        {
            var envelope = JsonNode.Parse(message.Body.Span)!;
            if (envelope["messageType"]![0]!.ToString().EndsWith($":{type}]]", StringComparison.Ordinal))
                orders.AddRange(envelope["message"]!["events"]!.AsArray().Select(sent => sent!["event"]!["order"]!["id"]!.ToString()));
        }
        return orders;
    }

    private async Task<long> OutboxDepthAsync()
    {
        await using var connection = await platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox");
    }

    private async Task<Guid> InsertListingAsync(int quantity)
    {
        await using NpgsqlConnection connection = await platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<Guid>(
            """
            INSERT INTO listings (id, title, price, currency, quantity, available, version)
            VALUES (gen_random_uuid(), 'Concert', 1999, 'usd', @quantity, @quantity, 0)
            RETURNING id
            """,
            new { quantity });
    }
}
