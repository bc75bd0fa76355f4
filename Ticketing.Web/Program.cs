using Ticketing.ApiDefaults;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Artwork;
using Ticketing.Web.Docs;
using Ticketing.Web.Errors;
using Ticketing.Web.Forwarding;
using Ticketing.Web.Headers;
using Ticketing.Web.Health;
using Ticketing.Web.Keys;
using Ticketing.Web.Languages;
using Ticketing.Web.Live;
using Ticketing.Web.Pages;
using Ticketing.Web.Services;
using Ticketing.Web.Sessions;
using Ticketing.Web.WaitingRoom;

return await new ServiceCommand("The site, and the way to the API from outside.", Build).RunAsync(args);

static WebApplication Build(string[] settings)
{
    var builder = WebApplication.CreateBuilder(settings);
    builder.AddSecurityHeaders();
    builder.AddLanguages();
    builder.AddErrorPages();
    builder.AddServiceDefaults();
    builder.AddApiDefaults();
    builder.Services.AddOpenApi();
    builder.AddServiceClients();
    builder.AddSessionRenewal();
    builder.AddForwarding();
    builder.AddSharedKeys();
    builder.AddLive();
    builder.AddWaitingRoom();
    builder.AddPlatformHealth();
    builder.AddPages();

    var app = builder.Build();
    app.UseLanguages();
    app.UseErrorPages();
    app.UsePageMethods();
    app.UseSessionRenewal();
    app.UseServiceDefaults();
    app.UseApiDefaults();
    app.UseOutputCache();
    app.MapDefaultEndpoints();
    app.MapForwarding();
    var api = app.MapApi();
    api.MapLive();
    api.MapWaitingRoom();
    app.MapDocs();
    api.MapArtwork();
    app.MapPages();
    return app;
}
