using Ticketing.Contracts;
using Ticketing.Expiration;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedis("redis");
builder.AddMessaging(messaging => messaging.AddConsumer<FollowOrders>(Topology.ExpirationOrders));
builder.Services.AddSingleton<HoldClocks>();
builder.AddJob<TellExpired>(TellExpired.Interval);

var app = builder.Build();
if (await app.RequeueErrorsIfAskedAsync(args))
    return;

app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.Run();
