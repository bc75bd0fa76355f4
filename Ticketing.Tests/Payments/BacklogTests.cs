using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>What waits after a long outage of Stripe, here played by the test.</summary>
public sealed class BacklogTests(Servers servers) : IAsyncLifetime
{
    private const int Waiting = 300;

    private TestPlatform platform = null!;
    private StubService stripe = null!;

    public async ValueTask InitializeAsync()
    {
        stripe = await StubService.StartAsync();
        platform = await TestPlatform.CreateAsync(servers, "payments");
        platform.With("Stripe:BaseAddress", stripe.Address.ToString()).With("Stripe:SecretKey", "sk_test_1").With("Stripe:WebhookSecret", "whsec_1")
            .With("services:orders:http:0", stripe.Address.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await platform.DisposeAsync();
        await stripe.DisposeAsync();
    }

    /// <summary>
    /// None is answered before as many are asked for as there are workers: so they work at the same time. Without that all would
    /// wait for ever.
    /// </summary>
    [Fact]
    public async Task One_run_of_reconciliation_carries_on_all_that_is_due_many_at_a_time_and_each_once()
    {
        var (underWay, most) = (0, 0);
        var many = new TaskCompletionSource();
        var guard = new Lock();
        stripe.Answers(async context =>
        {
            lock (guard)
            {
                most = Math.Max(most, ++underWay);
                if (underWay == Settler.BacklogWorkers)
                    many.TrySetResult();
            }
            await many.Task;
            lock (guard)
                underWay--;
            var intent = context.Request.Path.Value!.Split('/')[3];
            await context.Response.WriteAsync($$"""{"id":"{{intent}}","object":"payment_intent","status":"succeeded"}""");
        });
        var payments = await platform.StartAsync<PaymentLedger>(Jobs.RemoveAll);
        await using var database = await platform.OpenAsync("payments");
        await database.ExecuteAsync(
            """
            WITH placed AS (
                INSERT INTO orders (id, user_id, status, quantity, amount, currency, title, version)
                SELECT gen_random_uuid(), gen_random_uuid(), 'complete', 1, 1999, 'usd', 'Concert', 2 FROM generate_series(1, @Waiting)
                RETURNING *
            ), paid AS (
                INSERT INTO payments (id, order_id, user_id, amount, currency, description, status, card_intent_id, version, created_at, changed_at)
                SELECT gen_random_uuid(), id, user_id, amount, currency, title, 'authorized', 'pi_' || id, 1, @at, @at FROM placed
                RETURNING *
            )
            INSERT INTO attempts (payment_id, number, kind, state, goal, token, return_url, intent_id, created_at, changed_at, look_at, looks)
            SELECT id, 1, 'Card', 'Authorized', 'Capture', 'tok_visa', 'https://shop.test/', card_intent_id, @at, @at, @at, 9 FROM paid
            """,
            new { Waiting, at = platform.Clock.GetUtcNow().AddMinutes(-30) });

        await ActivatorUtilities.CreateInstance<ReconcilePayments>(payments.Services).Execute(null!, CancellationToken.None);

        (await database.ExecuteScalarAsync<long>("SELECT count(*) FROM attempts WHERE looks = 9 AND look_at IS NOT NULL"))
            .ShouldBe(0, "all had their turn, without waiting for the next run");
        await Eventually.BecomesAsync(() => database.ExecuteScalarAsync<long>("SELECT count(*) FROM attempts WHERE state = 'Captured'"), Waiting);
        stripe.Arrived.Count(request => request.EndsWith("/capture", StringComparison.Ordinal)).ShouldBe(Waiting);
        most.ShouldBe(Settler.BacklogWorkers, "and no more at a time");
    }

    [Fact]
    public async Task What_is_woken_beyond_what_can_wait_is_counted()
    {
        using var counted = new CountedTag("ticketing.payments.wakes_dropped");
        var payments = await platform.StartAsync<PaymentLedger>();
        // It is not started, so nobody takes anything.
        using var settler = ActivatorUtilities.CreateInstance<Settler>(payments.Services);

        var payment = new Payment(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1999, "usd", "Concert", null, 0, 0, []);
        for (var i = 0; i < 10_003; i++)
            settler.Wake(payment);

        counted.Times.ShouldBe(3);
    }
}
