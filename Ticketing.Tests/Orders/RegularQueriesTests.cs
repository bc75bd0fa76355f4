using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Orders;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>What Orders does all the time reads no table that grows from end to end.</summary>
public sealed class RegularQueriesTests(Servers servers)
{
    private static readonly string[] Growing = ["listings", "orders", "verdicts", "outbox"];

    /// <summary>Paid, forgettable, lately ended, begun and open orders, in a table of a month's sales; some events wait for their next attempt.</summary>
    internal const string Fill =
        """
        INSERT INTO listings (id, title, price, currency, quantity, available, version, max_per_buyer)
        SELECT gen_random_uuid(), 'Concert', 100, 'usd', 1000, 500, 0, 10 FROM generate_series(1, 20000);
        INSERT INTO orders (id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version, status, reason,
            created_at, hold_ends_at, expires_at, payment_id, payment_intent_id, completed_at, unpaid_at, idempotency_key)
        SELECT
            encode(substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) || substring(uuid_send(gen_random_uuid()) FROM 7), 'hex')::uuid,
            gen_random_uuid(), (SELECT id FROM listings LIMIT 1), 1, 100, 'usd', 'Concert', 100, 0,
            state, CASE state WHEN 'cancelled' THEN 'expired' END, at, at + interval '1 minute', at + interval '1 minute',
            CASE WHEN state = 'complete' OR n % 7 = 0 THEN gen_random_uuid() END, CASE state WHEN 'complete' THEN 'pi_' || n END,
            CASE state WHEN 'complete' THEN at END, CASE state WHEN 'cancelled' THEN at END, CASE WHEN n % 20 IN (1, 12) THEN 'key ' || n END
        FROM generate_series(1, 60000) AS n
        CROSS JOIN LATERAL (SELECT
            now() - CASE n % 10 WHEN 0 THEN interval '70 days' WHEN 1 THEN interval '5 hours' WHEN 2 THEN interval '2 days' ELSE interval '20 days' END AS at,
            CASE WHEN n % 500 = 1 THEN 'created' WHEN n % 10 IN (0, 2) THEN 'cancelled' ELSE 'complete' END AS state) AS made;
        INSERT INTO verdicts SELECT 'pi_v' || n, gen_random_uuid(), id, now() FROM (SELECT id, row_number() OVER () AS n FROM orders) AS o;
        INSERT INTO outbox (type, body, next_attempt_at)
        SELECT CASE WHEN n % 50 = 0 THEN 'PaymentRefused' ELSE 'ListingCorrected' END, '{}', 'infinity' FROM generate_series(1, 5000) AS n
        """;

    [Fact]
    public async Task They_read_no_growing_table_from_end_to_end() => (await ScannedAsync(Fill)).ShouldBeEmpty();

    [Fact]
    public async Task Control_without_an_index_the_scan_is_seen() =>
        (await ScannedAsync($"{Fill}; DROP INDEX verdicts_of_order")).ShouldBe(["verdicts"]);

    private async Task<IReadOnlyList<string>> ScannedAsync(string fill)
    {
        await using var platform = await TestPlatform.CreateAsync(servers, "orders");
        return await TableScans.OfAsync<Ticketing.Orders.Order>(platform, "orders", Growing, fill, async orders =>
        {
            var listing = OrdersTests.Listing(quantity: 100);
            await platform.Broker.PublishAsync(new TicketCreated(listing));
            using var buyer = orders.As(Guid.CreateVersion7());
            OrderResponse? order = null;
            await Eventually.HoldsAsync(async () => (order = await PlaceAsync()) is not null, "it can be ordered");
            var cancelled = (await PlaceAsync())!;
            (await buyer.DeleteAsync($"/api/orders/{cancelled.Id}")).EnsureSuccessStatusCode();

            var payment = new PaymentState(
                Guid.CreateVersion7(), order!.Id, order.UserId, "pi_1", 1, PaymentStatus.Pending, 1999, "usd", null, platform.Clock.GetUtcNow(), 0);
            foreach (var told in (object[])
                [
                    new PaymentStarted(payment), new PaymentFailed(payment with { Version = 1 }),
                    new PaymentAuthorized(payment with { Status = PaymentStatus.Authorized, Version = 2 }),
                ])
            {
                await platform.Broker.PublishAsync(told);
            }
            await platform.Broker.HearAsync<OrderCompleted>(completed => completed.Order.Id == order.Id);
            await platform.Broker.PublishAsync(new PaymentCaptured(payment with { Status = PaymentStatus.Captured, Version = 3 }));
            await platform.Broker.PublishAsync(new ExpirationComplete([order.Id, cancelled.Id]));
            await platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1 }));

            (await buyer.GetFromJsonAsync<OrderResponse[]>("/api/orders"))!.Length.ShouldBe(2);
            (await buyer.GetAsync($"/api/orders?status=open&ticketId={listing.Id}")).EnsureSuccessStatusCode();
            (await buyer.GetAsync($"/api/orders/{order.Id}")).EnsureSuccessStatusCode();
            foreach (var job in (Type[])[typeof(SweepOverdueOrders), typeof(ForgetIdempotencyKeys), typeof(ForgetUnpaidOrders)])
                await ((IJob)ActivatorUtilities.CreateInstance(orders.Services, job)).Execute(null!, TestContext.Current.CancellationToken);
            await using var connection = await platform.OpenAsync("orders");
            await Eventually.HoldsAsync(
                async () => await connection.ExecuteScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM orders WHERE id = @Id AND payment_status = 'captured')", new { order.Id }),
                "the capture is noted");

            async Task<OrderResponse?> PlaceAsync()
            {
                using var answer = await buyer.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
                return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<OrderResponse>() : null;
            }
        });
    }
}
