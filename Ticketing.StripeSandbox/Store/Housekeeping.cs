using Dapper;
using Microsoft.Extensions.Options;
using Stripe.Checkout;
using Ticketing.StripeSandbox.Checkout;
using Ticketing.StripeSandbox.PaymentIntents;

namespace Ticketing.StripeSandbox.Store;

/// <summary>At the start and every minute: sessions and authorizations run out, and what is old is removed.</summary>
internal sealed class Housekeeping(SandboxStore store, IOptions<SandboxOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
        {
            store.Run(new Caller(options.Value.PublicAddress?.TrimEnd('/') ?? ""), Expire);
            store.Run(Caller.None, transaction => Forget(transaction, options.Value.KeptPayments));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static int Expire(SandboxTransaction store)
    {
        var (sessions, intents) = (store.Due<Session>().ToList(), store.Due<PaymentIntent>().ToList());
        sessions.ForEach(session => CheckoutSessions.Expire(store, session));
        intents.ForEach(intent => CancelPaymentIntent.Cancel(store, intent, "automatic"));
        return sessions.Count + intents.Count;
    }

    /// <summary>
    /// Removes what was created more than 30 days ago or before the oldest payment kept, except what is open, what an open
    /// payment refers to, and events that are not yet delivered.
    /// </summary>
    private static int Forget(SandboxTransaction store, int keptPayments)
    {
        var horizon = store.Connection.QuerySingle<long>(
            """
            SELECT max(
                ifnull((SELECT seq FROM objects WHERE created >= @oldest ORDER BY seq LIMIT 1), 1 << 62),
                ifnull((SELECT seq FROM objects WHERE id BETWEEN 'pi_' AND 'pi_~' ORDER BY id DESC LIMIT 1 OFFSET @keptPayments - 1), 0))
            """,
            new { keptPayments, oldest = SandboxTransaction.Unix(store.Now - Kept) });
        return store.Connection.Execute(
            """
            DELETE FROM idempotency_records
            WHERE created < max(@oldest, ifnull((SELECT created FROM objects WHERE seq = @horizon), 0));
            DELETE FROM objects
            WHERE seq < @horizon AND NOT open
                AND id NOT IN (SELECT event FROM deliveries)
                AND id NOT IN (SELECT ifnull(json ->> 'payment_method', '') FROM objects WHERE open)
                AND id NOT IN (SELECT ifnull(json ->> 'latest_charge', '') FROM objects WHERE open)
            """,
            new { horizon, oldest = SandboxTransaction.Unix(store.Now - IdempotencyRecords.Kept) });
    }
}
