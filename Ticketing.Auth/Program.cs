using Ticketing.Auth;
using Ticketing.Auth.Keys;
using Ticketing.Auth.RateLimits;
using Ticketing.Auth.Sessions;
using Ticketing.Auth.Users;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("auth-db");
if (await builder.MigrateIfAskedAsync(args))
    return;

builder.AddOutbox();
builder.AddMessaging();
builder.AddRateLimits();
builder.AddUsers();
builder.AddSessions();
builder.AddSigningKeys();

var app = builder.Build();
if (await app.RepublishIfAskedAsync(args, RepublishDeletedUsers.Page))
    return;

app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapAuthApi();
app.Run();
