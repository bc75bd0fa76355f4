using System.Text.Json;
using Microsoft.Extensions.Options;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Checkout;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;
using Ticketing.StripeSandbox.Webhooks;

namespace Ticketing.StripeSandbox.Control;

/// <summary>What Stripe does not have: routes by which tests look into the books and make things go wrong. They want the API key too.</summary>
internal static class ControlApi
{
    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/sandbox").AddEndpointFilter(WithKey);
        control.MapGet("/books", Show);
        control.MapPost("/payment_intents/{id}/lapse", Lapse);
        control.MapGet("/faults", (Faults faults) => Results.Json(faults.All, StripeJson.Options));
        control.MapPost("/faults", Order);
        control.MapDelete("/faults", (Faults faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        control.MapPut("/webhooks", Bend);
    }

    private static async ValueTask<object?> WithKey(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            context.HttpContext.RequestServices.GetRequiredService<StripeEndpoint>().Authorize(context.HttpContext.Request);
        }
        catch (StripeFailure failure)
        {
            return Results.Json(new { error = failure.Error }, StripeJson.Options, statusCode: failure.Status);
        }

        return await next(context);
    }

    /// <summary>All payments and what is still to be delivered.</summary>
    private static IResult Show(Books books, IOptions<SandboxOptions> options) => Results.Json(new
    {
        payment_intents = books.All<PaymentIntent>().Select(intent => PaymentIntentView.Of(intent, "")),
        charges = books.All<Charge>().Select(PaymentIntentView.Of),
        sessions = books.All<CheckoutSession>().Select(session => SessionView.Of(session, null)),
        kept_payments = options.Value.KeptPayments,
        pending_deliveries = books.All<Delivery>().Count,
    }, StripeJson.Options);

    /// <summary>The bank lets the authorized money go, as it does after seven days.</summary>
    private static IResult Lapse(string id, HttpContext context, Books books, StripeEndpoint endpoint) =>
        books.Write(new Caller(endpoint.Origin(context.Request)), transaction =>
            transaction.Find<PaymentIntent>(id) is { Ended: false } intent
                ? Results.Json(PaymentIntentView.Of(CancelPaymentIntent.Cancel(transaction, intent, "automatic"), transaction.Origin), StripeJson.Options)
                : Results.NotFound());

    private static async Task<IResult> Order(HttpContext context, Faults faults)
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

    private static IResult Bend(WebhookSwitch control, bool held = false, int copies = 1, bool reversed = false)
    {
        control.Held = held;
        control.Copies = copies;
        control.Reversed = reversed;
        return Results.NoContent();
    }
}
