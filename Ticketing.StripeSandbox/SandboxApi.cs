using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Checkout;
using Ticketing.StripeSandbox.Control;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;
using Ticketing.StripeSandbox.Refunds;
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
        builder.Services.AddSingleton<Books>();
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<StripeEndpoint>();
        builder.Services.AddSingleton<WebhookSwitch>();
        builder.Services.AddHttpClient(WebhookSender.ClientName, client => client.Timeout = TimeSpan.FromSeconds(10))
            .RemoveAllLoggers();
        builder.Services.AddHostedService<WebhookSender>();
        builder.Services.AddHostedService<Housekeeping>();
        builder.Services.AddHealthChecks();
    }

    public static void MapStripeApi(this WebApplication app)
    {
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");

        var v1 = app.MapGroup("/v1");
        v1.Post("/payment_intents", CreatePaymentIntent.Handle);
        v1.Get("/payment_intents", RetrievePaymentIntent.List);
        v1.Get("/payment_intents/{id}", RetrievePaymentIntent.Handle);
        v1.Post("/payment_intents/{id}/confirm", ConfirmPaymentIntent.Handle);
        v1.Post("/payment_intents/{id}/capture", CapturePaymentIntent.Handle);
        v1.Post("/payment_intents/{id}/cancel", CancelPaymentIntent.Handle);
        v1.Get("/charges/{id}", RetrievePaymentIntent.Charge);
        v1.Get("/payment_methods/{id}", RetrievePaymentIntent.Method);

        v1.Post("/checkout/sessions", CreateSession.Handle);
        v1.Get("/checkout/sessions", RetrieveSession.List);
        v1.Get("/checkout/sessions/{id}", RetrieveSession.Handle);
        v1.Post("/checkout/sessions/{id}/expire", ExpireSession.Handle);

        v1.Post("/refunds", CreateRefund.Handle);
        v1.Get("/refunds", RetrieveRefund.List);
        v1.Get("/refunds/{id}", RetrieveRefund.Handle);

        v1.Post("/webhook_endpoints", WebhookEndpoints.Create);
        v1.Get("/webhook_endpoints", WebhookEndpoints.List);
        v1.Get("/webhook_endpoints/{id}", WebhookEndpoints.Retrieve);
        v1.Post("/webhook_endpoints/{id}", WebhookEndpoints.Update);
        v1.MapDelete("/webhook_endpoints/{id}", Answering(WebhookEndpoints.Delete));
        v1.Get("/events", Events.List);
        v1.Get("/events/{id}", Events.Retrieve);
        v1.MapFallback(Answering(_ => throw new StripeFailure(404, new("invalid_request_error",
            "Unrecognized request URL. Please see https://stripe.com/docs or we can help at https://support.stripe.com/."))));
    }

    /// <summary>What a browser sees.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/c/pay/{id}", PaymentPage.Show);
        app.MapPost("/c/pay/{id}", PaymentPage.Pay).DisableAntiforgery();
        app.MapGet("/3ds/{id}", ChallengePage.Show);
        app.MapPost("/3ds/{id}", ChallengePage.Answer).DisableAntiforgery();
    }

    private static void Post(this RouteGroupBuilder routes, string path, Func<StripeCall, object> work) =>
        routes.MapPost(path, Answering(work));

    private static void Get(this RouteGroupBuilder routes, string path, Func<StripeCall, object> work) =>
        routes.MapGet(path, Answering(work));

    private static RequestDelegate Answering(Func<StripeCall, object> work) =>
        context => context.RequestServices.GetRequiredService<StripeEndpoint>().Answer(context, work);
}
