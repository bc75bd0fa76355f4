using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.Orders;
using Ticketing.Orders.Placing;
using Ticketing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("orders-db");
if (await builder.MigrateIfAskedAsync(args))
    return;

builder.AddOutbox();
builder.AddMessaging(messaging => messaging
    .AddConsumer<ReplicateListing>(Topology.OrdersListings)
    .AddConsumer<StartPayment>(Topology.OrdersPayments)
    .AddConsumer<DecidePayment>(Topology.OrdersPayments)
    .AddConsumer<FailPayment>(Topology.OrdersPayments)
    .AddConsumer<RecordPayment>(Topology.OrdersPayments)
    .AddConsumer<ExpirationConsumer>(Topology.OrdersExpiration));
builder.AddSettings<OrdersOptions>(OrdersOptions.Section).PostConfigure<IConfiguration>(OrdersOptions.LiftLimits);
builder.Services.AddSingleton<Reservations>();
builder.Services.AddSingleton<IUrgentWork>(services => services.GetRequiredService<Reservations>());
builder.Services.AddHostedService(services => services.GetRequiredService<Reservations>());
builder.Services.AddSingleton<ExpireOrders>();
builder.Services.AddSingleton<IUrgentWork>(services => services.GetRequiredService<ExpireOrders>());
builder.AddJob<SweepOverdueOrders>(SweepOverdueOrders.Interval);
builder.AddJob<ForgetIdempotencyKeys>(ForgetIdempotencyKeys.Interval);

var app = builder.Build();
if (await app.RepublishIfAskedAsync(args, RepublishOrders.Page) || await app.RequeueErrorsIfAskedAsync(args))
    return;

app.UseTurnAway();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapOrdersApi();
app.Run();
