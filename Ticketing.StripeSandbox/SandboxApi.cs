using Ticketing.StripeSandbox.Checkout;
using Ticketing.StripeSandbox.Control;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Webhooks;

namespace Ticketing.StripeSandbox;

/// <summary>What the sandbox is made of, and its routes.</summary>
internal static class SandboxApi
{
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<SandboxOptions>(builder.Configuration.GetSection(SandboxOptions.Section));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SandboxStore>();
        builder.Services.AddSingleton<IdempotencyRecords>();
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<WebhookFaults>();
        builder.Services.AddSingleton<StripeEndpoint>();
        builder.Services.AddHttpClient(WebhookSender.ClientName, client => client.Timeout = TimeSpan.FromSeconds(10))
            .RemoveAllLoggers();
        builder.Services.AddHostedService<WebhookSender>();
        builder.Services.AddHostedService<Housekeeping>();
        builder.Services.AddHealthChecks();
    }

    public static void MapStripeApi(this WebApplication app)
    {
        app.Use(next => context => context.RequestServices.GetRequiredService<StripeEndpoint>().GuardAsync(context, next));
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");

        var v1 = app.MapGroup("/v1");
        v1.Post("/payment_intents", CreatePaymentIntent.Handle);
        v1.Get("/payment_intents", call => call.Store.List<PaymentIntent>(call.Form, "/v1/payment_intents"));
        v1.Get("/payment_intents/{id}", call => call.Store.Get<PaymentIntent>(call.Id, "intent"));
        v1.Post("/payment_intents/{id}/confirm", ConfirmPaymentIntent.Handle);
        v1.Post("/payment_intents/{id}/capture", CapturePaymentIntent.Handle);
        v1.Post("/payment_intents/{id}/cancel", CancelPaymentIntent.Handle);

        v1.Post("/checkout/sessions", CheckoutSessions.Create);
        v1.Get("/checkout/sessions/{id}", CheckoutSessions.Retrieve);
        v1.Post("/checkout/sessions/{id}/expire", CheckoutSessions.Expire);

        v1.Post("/refunds", CreateRefund.Handle);
        v1.Get("/refunds", call => call.Store.List<Refund>(call.Form, "/v1/refunds", "payment_intent"));
        v1.Get("/refunds/{id}", call => call.Store.Get<Refund>(call.Id));

        v1.Post("/webhook_endpoints", WebhookEndpoints.Create);
        v1.Get("/webhook_endpoints/{id}", WebhookEndpoints.Retrieve);
        v1.Post("/webhook_endpoints/{id}", WebhookEndpoints.Update);
        v1.MapDelete("/webhook_endpoints/{id}", Answering(WebhookEndpoints.Delete));
        v1.Get("/events", call => call.Store.List<Event>(call.Form, "/v1/events", "type"));
        v1.MapFallback(Answering(_ => throw StripeFailure.Invalid(404,
            "Unrecognized request URL. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")));
    }

    /// <summary>What a browser sees.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/c/pay/{id}", PaymentPage.Show);
        app.MapPost("/c/pay/{id}", PaymentPage.Pay).DisableAntiforgery();
        app.MapGet("/3ds/{id}", ChallengePage.Show);
        app.MapPost("/3ds/{id}", ChallengePage.Answer).DisableAntiforgery();
    }

    private static void Post(this RouteGroupBuilder routes, string path, Func<StripeCall, StripeEntity> work) =>
        routes.MapPost(path, Answering(work));

    private static void Get(this RouteGroupBuilder routes, string path, Func<StripeCall, StripeEntity> work) =>
        routes.MapGet(path, Answering(work));

    private static RequestDelegate Answering(Func<StripeCall, StripeEntity> work) =>
        context => context.RequestServices.GetRequiredService<StripeEndpoint>().HandleAsync(context, work);
}
