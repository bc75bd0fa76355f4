using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Expiration;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

return await new ServiceCommand("Ends holds on time.", Build)
    .WithRequeueErrors()
    .RunAsync(args);

static WebApplication Build(string[] settings)
{
    var builder = WebApplication.CreateBuilder(settings);
    builder.AddServiceDefaults();
    builder.AddApiDefaults();
    builder.Services.AddOpenApi();
    builder.AddRedis("redis");
    builder.AddMessaging(messaging => messaging.AddHandler<FollowOrders>(Topology.ExpirationOrders));
    builder.Services.AddSingleton<HoldClocks>();
    builder.AddJob<TellExpired>(TellExpired.Interval);

    var app = builder.Build();
    app.UseServiceDefaults();
    app.UseApiDefaults();
    app.MapDefaultEndpoints();
    return app;
}
