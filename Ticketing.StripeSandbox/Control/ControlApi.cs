using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using Ticketing.StripeSandbox.PaymentIntents;

namespace Ticketing.StripeSandbox.Control;

/// <summary>What Stripe does not have: routes by which tests look into the store and make things go wrong. They want the API key too.</summary>
internal static class ControlApi
{
    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/sandbox");
        control.MapGet("/books", Show);
        control.MapPost("/payment_intents/{id}/lapse", Lapse);
        control.MapGet("/faults", (Faults faults) => Results.Json(faults.All, StripeJson.Options));
        control.MapPost("/faults", AddFaultAsync);
        control.MapDelete("/faults", (Faults faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        control.MapPut("/webhooks", (WebhookFaults webhooks, bool held = false, int copies = 1, bool reversed = false) =>
        {
            (webhooks.Held, webhooks.Copies, webhooks.Reversed) = (held, copies, reversed);
            return Results.NoContent();
        });
    }

    /// <summary>All payments, and how many events are still to be delivered.</summary>
    private static IResult Show(SandboxStore store, IOptions<SandboxOptions> options) => Results.Text(store.Run(Caller.None, transaction =>
        transaction.Connection.QuerySingle<string>(
            """
            SELECT json_object(
                'payment_intents', (SELECT json_group_array(json(json)) FROM objects WHERE id BETWEEN 'pi_' AND 'pi_~'),
                'charges', (SELECT json_group_array(json(json)) FROM objects WHERE id BETWEEN 'ch_' AND 'ch_~'),
                'sessions', (SELECT json_group_array(json(json)) FROM objects WHERE id BETWEEN 'cs_' AND 'cs_~'),
                'kept_payments', @KeptPayments,
                'pending_deliveries', (SELECT count(*) FROM deliveries))
            """,
            new { options.Value.KeptPayments })), "application/json");

    /// <summary>The bank releases the authorized money, as it does after seven days.</summary>
    private static IResult Lapse(string id, HttpContext context, SandboxStore store, StripeEndpoint endpoint) =>
        store.Run(new Caller(endpoint.Origin(context.Request)), transaction =>
            transaction.Find<PaymentIntent>(id) is { Status: not ("succeeded" or "canceled") } intent
                ? Results.Text(StripeJson.Write(CancelPaymentIntent.Cancel(transaction, intent, "automatic")), "application/json")
                : Results.NotFound());

    private static async Task<IResult> AddFaultAsync(HttpContext context, Faults faults)
    {
        try
        {
            faults.Add(await context.Request.ReadFromJsonAsync<Fault>(StripeJson.Options, context.RequestAborted)
                ?? throw new JsonException("A fault is an object."));
            return Results.NoContent();
        }
        catch (JsonException problem)
        {
            return Results.BadRequest(problem.Message);
        }
    }
}
