using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.Payments.Gateway;
using Ticketing.Payments.Webhooks;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>What Payments is made of, and its routes.</summary>
internal static class PaymentsApi
{
    public static void AddPayments(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<SiteOptions>(SiteOptions.Section);
        builder.AddStripeGateway();
        builder.AddServiceClient(Orders.Service);
        services.AddSingleton<Orders>();
        services.AddSingleton<PayableOrders>();
        services.AddSingleton<Site>();
        services.AddSingleton<Installation>();
        services.AddSingleton<PaymentLedger>();
        services.AddSingleton<Leases>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Settler>();
        services.AddHostedService(provider => provider.GetRequiredService<Settler>());
        services.AddSingleton<UnsettledAlarm>();
        services.AddHealthChecks().AddCheck<UnsettledAlarm>("settlement");
        builder.AddJob<ReconcilePayments>(ReconcilePayments.Interval);
        builder.AddJob<ForgetUnpaidOrders>(Removal.Interval);
    }

    public static void AddConsumers(MessagingBuilder messaging) => messaging
        .AddHandler<NoteOrders>(Topology.PaymentsOrders)
        .AddHandler<StopPayment>(Topology.PaymentsOrders)
        .AddHandler<CapturePayment>(Topology.PaymentsVerdicts)
        .AddHandler<ReleasePayment>(Topology.PaymentsVerdicts);

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments").WithMetadata(new RouteId("orderId", Telemetry.OrderId));
        payments.MapPost("/", PayOrder.Handle)
            .WithName("payOrder").WithSummary("Pay an order with a card token")
            .ProducesProblem(StatusCodes.Status404NotFound);
        payments.MapPost("/checkout", StartCheckout.Handle)
            .WithName("startCheckout").WithSummary("Pay an order on Stripe's page")
            .ProducesProblem(StatusCodes.Status404NotFound);
        payments.MapPost("/webhook", ReceiveWebhook.Handle).AllowAnonymous()
            .WithName("receiveWebhook").WithSummary("Stripe's events")
            .WithDescription("For Stripe, which signs them (`Stripe-Signature`).")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        payments.MapGet("/", ListPayments.Handle)
            .WithName("listPayments").WithSummary("My payments, newest first");
        payments.MapGet("/{orderId}", GetPayment.Handle)
            .WithName("getPayment").WithSummary("The payment of one of my orders");
    }
}
