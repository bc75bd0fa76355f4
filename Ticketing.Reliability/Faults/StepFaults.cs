using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace Ticketing.Reliability;

/// <summary>Processes that are killed exactly between two steps.</summary>
internal static class StepFaults
{
    private static readonly string[] WithOutbox = ["tickets", "orders", "payments"];

    public static IEnumerable<Fault> All =>
    [
        .. WithOutbox.Select(KillBeforePublish),
        .. WithOutbox.Select(KillBeforeDelete),
        KillAtGate("tickets", "INSERT", "reservations", "in the middle of noting a reservation"),
        KillAtGate("orders", "INSERT", "verdicts", "in the middle of a verdict"),
        KillAtGate("payments", "INSERT", "orders", "in the middle of noting an order"),
        KillAtGate("payments", "INSERT", "attempts", "in the middle of writing an attempt down"),
        KillPayments("confirm", "Before", "with the attempt written down and Stripe not yet asked"),
        KillPayments("confirm", "After", "after Stripe authorized and before it was stored"),
        KillPayments("capture", "Before", "after the verdict and before the capture"),
        KillPayments("capture", "After", "after the capture and before it was stored"),
        KillPayments("cancel", "After", "after the release and before it was stored"),
        KillExpiration,
    ];

    /// <summary>The broker takes nothing for a moment, so that what is committed stays untold.</summary>
    private static Fault KillBeforePublish(string service) => new($"kill {service} after the commit and before the publish", async context =>
    {
        using var frozen = context.Freeze("rabbitmq");
        var reached = await context.ReachesAsync(async () =>
        {
            await using var database = await context.Platform.Database(service).OpenConnectionAsync();
            return await database.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM outbox)");
        });
        context.Kill(service);
        return reached;
    })
    {
        Kills = true,
        OrdersAway = service == "orders",
    };

    /// <summary>The broker has confirmed; the relay waits at the gate before it deletes what it told.</summary>
    private static Fault KillBeforeDelete(string service) =>
        KillAtGate(service, "DELETE", "outbox", "after the publish and before the delete");

    private static Fault KillAtGate(string service, string statement, string table, string when) => new($"kill {service} {when}", async context =>
    {
        await using var gate = await DatabaseGate.CloseAsync(context.Platform.Database(service), statement, table);
        var reached = await context.ReachesAsync(gate.IsReachedAsync);
        context.Kill(service);
        return reached;
    })
    {
        Kills = true,
        OrdersAway = service == "orders",
    };

    /// <summary>Stripe holds its answer back, before or after it has done the work.</summary>
    private static Fault KillPayments(string call, string when, string what) => new($"kill payments {what}", async context =>
    {
        var stripe = context.Platform.Stripe;
        var fault = new { path = $"/v1/payment_intents/*/{call}", when, delay_ms = 3000 };
        (await stripe.PostAsJsonAsync("/sandbox/faults", fault, context.CancellationToken)).EnsureSuccessStatusCode();
        var reached = await context.ReachesAsync(async () =>
            (await stripe.GetFromJsonAsync<JsonElement>("/sandbox/faults", context.CancellationToken)).GetArrayLength() == 0);
        // It is taken when the call arrives; the work itself is done in a moment.
        await context.LastsAsync(0.2);
        context.Kill("payments");
        (await stripe.DeleteAsync("/sandbox/faults", context.CancellationToken)).EnsureSuccessStatusCode();
        return reached;
    })
    {
        Kills = true,
    };

    /// <summary>With the broker frozen, what is due is claimed and cannot be told.</summary>
    private static Fault KillExpiration => new("kill expiration between the claim and the publish", async context =>
    {
        using var frozen = context.Freeze("rabbitmq");
        var reached = await context.ReachesAsync(async () =>
        {
            await using var orders = await context.Platform.Database("orders").OpenConnectionAsync();
            return await orders.ExecuteScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM orders WHERE status IN ('created', 'awaiting:payment') AND expires_at < now() - interval '0.5 s')");
        });
        context.Kill("expiration");
        return reached;
    })
    {
        Kills = true,
    };
}
