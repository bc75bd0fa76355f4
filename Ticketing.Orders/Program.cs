using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.Orders;
using Ticketing.Orders.Placing;
using Ticketing.ServiceDefaults;

return await new ServiceCommand("Places orders, and holds their tickets until they are paid.", Build)
    .WithMigrations("orders-db", typeof(Order).Assembly)
    .WithRepublish(RepublishOrders.Page)
    .WithRequeueErrors()
    .RunAsync(args);

static WebApplication Build(string[] settings)
{
    var builder = WebApplication.CreateBuilder(settings);
    builder.AddServiceDefaults();
    builder.AddApiDefaults();
    builder.Services.AddOpenApi();
    builder.AddDatabase("orders-db", typeof(Order).Assembly);
    builder.AddOutbox();
    builder.AddMessaging(messaging => messaging
        .AddHandler<ReplicateListing>(Topology.OrdersListings)
        .AddHandler<StartPayment>(Topology.OrdersPayments)
        .AddHandler<DecidePayment>(Topology.OrdersPayments)
        .AddHandler<FailPayment>(Topology.OrdersPayments)
        .AddHandler<RecordPayment>(Topology.OrdersPayments)
        .AddConsumer<ExpirationConsumer>(Topology.OrdersExpiration));
    builder.AddSettings<OrdersOptions>(OrdersOptions.Section).PostConfigure<IConfiguration>(OrdersOptions.LiftLimits);
    builder.Services.AddSingleton<Reservations>();
    builder.Services.AddSingleton<IUrgentWork>(services => services.GetRequiredService<Reservations>());
    builder.Services.AddHostedService(services => services.GetRequiredService<Reservations>());
    builder.Services.AddSingleton<ExpireOrders>();
    builder.Services.AddSingleton<IUrgentWork>(services => services.GetRequiredService<ExpireOrders>());
    builder.AddJob<SweepOverdueOrders>(SweepOverdueOrders.Interval);
    builder.AddJob<ForgetIdempotencyKeys>(Removal.Interval);
    builder.AddJob<ForgetUnpaidOrders>(Removal.Interval);

    var app = builder.Build();
    app.UseTurnAway();
    app.UseServiceDefaults();
    app.UseApiDefaults();
    app.MapDefaultEndpoints();
    app.MapApi().MapOrdersApi();
    return app;
}
