using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.StripeSandbox;
using Ticketing.Tests.Web;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>What Payments does all the time reads no table that grows from end to end.</summary>
public sealed class RegularQueriesTests(Servers servers)
{
    private static readonly string[] Growing = ["orders", "payments", "attempts", "outbox"];

    private const string Fill =
        """
        INSERT INTO orders (id, user_id, status, quantity, amount, currency, title, version)
        SELECT
            encode(substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) || substring(uuid_send(gen_random_uuid()) FROM 7), 'hex')::uuid,
            gen_random_uuid(), CASE WHEN n % 10 < 3 THEN 'cancelled' ELSE 'complete' END, 1, 100, 'usd', 'Concert', 1
        FROM generate_series(1, 60000) AS n
        CROSS JOIN LATERAL (SELECT now() - CASE n % 10 WHEN 0 THEN interval '70 days' ELSE interval '20 days' END AS at) AS placed;
        INSERT INTO payments (id, order_id, user_id, amount, currency, description, status, version, created_at, changed_at)
        SELECT gen_random_uuid(), id, user_id, amount, currency, title, CASE status WHEN 'complete' THEN 'captured' ELSE 'released' END, 3, now(), now()
        FROM orders WHERE status = 'complete' OR hashtext(id::text) % 3 = 0;
        INSERT INTO attempts (payment_id, number, kind, state, goal, return_url, created_at, changed_at, look_at)
        SELECT id, 1, 'Card', CASE status WHEN 'captured' THEN 'Captured' ELSE 'Stopped' END, 'Capture', '', now(), now(),
            CASE WHEN hashtext(id::text) % 500 = 0 THEN now() + interval '1 hour' END
        FROM payments;
        INSERT INTO outbox (type, body, next_attempt_at)
        SELECT CASE WHEN n % 2 = 0 THEN 'PaymentStarted' ELSE 'PaymentFailed' END, '{}', 'infinity' FROM generate_series(1, 5000) AS n
        """;

    [Fact]
    public async Task They_read_no_growing_table_from_end_to_end() => (await ScannedAsync(Fill)).ShouldBeEmpty();

    [Fact]
    public async Task Control_without_an_index_the_scan_is_seen() =>
        (await ScannedAsync($"{Fill}; DROP INDEX attempts_to_look_at")).ShouldContain("attempts");

    private async Task<IReadOnlyList<string>> ScannedAsync(string fill)
    {
        await using var platform = await TestPlatform.CreateAsync(servers, "payments");
        await using var sandbox = new Sandbox();
        await sandbox.InitializeAsync();
        await using var stub = await StubService.StartAsync();
        stub.Answers(404);
        platform.With("Stripe:BaseAddress", sandbox.Service.Address.ToString()).With("Stripe:SecretKey", Sandbox.Key)
            .With("Stripe:WebhookSecret", "whsec_1").With("services:orders:http:0", stub.Address.ToString());
        return await TableScans.OfAsync<PaymentLedger>(platform, "payments", Growing, fill, async payments =>
        {
            var (bought, refused) = (PaymentsTests.Order(), PaymentsTests.Order());
            var unpaid = PaymentsTests.Order();
            foreach (var order in new[] { bought, refused, unpaid })
                await platform.Broker.PublishAsync(new OrderCreated(order));
            foreach (var order in new[] { bought, refused })
                await PayAsync(order);
            var toTake = (await platform.Broker.HearAsync<PaymentAuthorized>(told => told.Payment.OrderId == bought.Id)).Payment;
            var toRelease = (await platform.Broker.HearAsync<PaymentAuthorized>(told => told.Payment.OrderId == refused.Id)).Payment;
            await platform.Broker.PublishAsync(new OrderPaymentStateChanged(bought with { Status = OrderStatus.AwaitingPayment, Version = 1 }));
            await platform.Broker.PublishAsync(new OrderCompleted(
                bought with { Status = OrderStatus.Complete, PaymentId = toTake.Id, PaymentIntentId = toTake.IntentId, Version = 2 }));
            foreach (var order in new[] { refused, unpaid })
                await platform.Broker.PublishAsync(new OrderCancelled(order with { Status = OrderStatus.Cancelled, Reason = CancelReason.Expired, Version = 1 }));
            await platform.Broker.PublishAsync(new PaymentRefused(refused.Id, toRelease.Id, toRelease.IntentId, "cancelled"));
            await platform.Broker.HearAsync<PaymentCaptured>(told => told.Payment.OrderId == bought.Id);
            await platform.Broker.HearAsync<PaymentReleased>(told => told.Payment.OrderId == refused.Id);

            using var buyer = payments.As(bought.UserId);
            (await buyer.GetAsync($"/api/payments/{bought.Id}")).EnsureSuccessStatusCode();
            (await buyer.GetAsync("/api/payments")).EnsureSuccessStatusCode();
            await payments.Services.GetRequiredService<UnsettledAlarm>().Look(TestContext.Current.CancellationToken);
            await ActivatorUtilities.CreateInstance<ReconcilePayments>(payments.Services).Claim(TestContext.Current.CancellationToken);
            await ActivatorUtilities.CreateInstance<ForgetUnpaidOrders>(payments.Services).Execute(null!, TestContext.Current.CancellationToken);

            async Task PayAsync(OrderState order)
            {
                using var client = payments.As(order.UserId);
                await Eventually.HoldsAsync(
                    async () => (await client.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token = "tok_visa" })).IsSuccessStatusCode,
                    "it is paid");
            }
        });
    }
}
