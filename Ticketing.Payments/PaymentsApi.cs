using Ticketing.Contracts;
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
        services.AddSingleton<PaymentLedger>();
        services.AddSingleton<OrderNotes>();
        services.AddSingleton<Leases>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Settler>();
        services.AddHostedService(provider => provider.GetRequiredService<Settler>());
        services.AddSingleton<UnsettledAlarm>();
        services.AddHealthChecks().AddCheck<UnsettledAlarm>("settlement");
        builder.AddJob<ReconcilePayments>(ReconcilePayments.Interval);
    }

    public static void AddConsumers(MessagingBuilder messaging) => messaging
        .AddConsumer<OrderEventsConsumer>(Topology.PaymentsOrders)
        .AddConsumer<StopPayment>(Topology.PaymentsOrders)
        .AddConsumer<CapturePayment>(Topology.PaymentsOrders)
        .AddConsumer<ReleasePayment>(Topology.PaymentsOrders);

    public static void MapPayments(this WebApplication app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments").WithMetadata(new RouteId("orderId", Telemetry.OrderId));
        payments.MapPost("/", PayOrder.Handle).WithSummary("Pay an order with a card token");
        payments.MapPost("/checkout", StartCheckout.Handle).WithSummary("Pay an order on Stripe's page");
        payments.MapPost("/webhook", ReceiveWebhook.Handle).WithSummary("Stripe's events").AllowAnonymous();
        payments.MapGet("/", ListPayments.Handle).WithSummary("My payments");
        payments.MapGet("/{orderId}", GetPayment.Handle).WithSummary("The payment of one of my orders");
    }
}
