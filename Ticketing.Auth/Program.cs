using Ticketing.ApiDefaults;
using Ticketing.Auth;
using Ticketing.Auth.Keys;
using Ticketing.Auth.RateLimits;
using Ticketing.Auth.Sessions;
using Ticketing.Auth.Users;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

return await new ServiceCommand("Signs users up and in, and signs their sessions.", Build)
    .WithMigrations("auth-db", typeof(User).Assembly)
    .WithRepublish(RepublishDeletedUsers.Page)
    .RunAsync(args);

static WebApplication Build(string[] settings)
{
    var builder = WebApplication.CreateBuilder(settings);
    builder.AddServiceDefaults();
    builder.AddApiDefaults();
    builder.Services.AddOpenApi();
    builder.AddDatabase("auth-db", typeof(User).Assembly);
    builder.AddOutbox();
    builder.AddMessaging();
    builder.AddRateLimits();
    builder.AddUsers();
    builder.AddSessions();
    builder.AddSigningKeys();

    var app = builder.Build();
    app.UseServiceDefaults();
    app.UseApiDefaults();
    app.MapDefaultEndpoints();
    app.MapApi().MapAuthApi();
    return app;
}
