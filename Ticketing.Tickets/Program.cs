using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;
using Ticketing.Tickets;
using Ticketing.Tickets.Admissions;
using Ticketing.Tickets.Sales;
using Ticketing.Tickets.Watches;

return await new ServiceCommand("Lists tickets, and checks them in at the door.", Build)
    .WithMigrations("tickets-db", typeof(Listing).Assembly)
    .WithRepublish(RepublishTickets.Page)
    .WithRequeueErrors()
    .RunAsync(args);

static WebApplication Build(string[] settings)
{
    var builder = WebApplication.CreateBuilder(settings);
    builder.AddServiceDefaults();
    builder.AddApiDefaults();
    builder.Services.AddOpenApi();
    builder.AddDatabase("tickets-db", typeof(Listing).Assembly);
    builder.AddOutbox();
    builder.AddMessaging(messaging => messaging
        .AddHandler<TrackReservations>(Topology.TicketsOrders)
        .AddHandler<CorrectQuantity>(Topology.TicketsCorrections)
        .AddHandler<WithdrawFormerSeller>(Topology.TicketsUsers));
    builder.Services.AddSingleton<ReservationLedger>();
    builder.Services.AddSingleton<AvailabilityPublisher>();
    builder.Services.AddHostedService(services => services.GetRequiredService<AvailabilityPublisher>());
    builder.AddAdmissions();
    builder.AddJob<EndSales>(EndSales.Interval);
    builder.AddJob<TellRemainingWatchers>(TellRemainingWatchers.Interval);
    builder.AddJob<ForgetNotifications>(Removal.Interval);
    builder.AddJob<ForgetReservations>(Removal.Interval);
    builder.AddJob<ForgetPriceChanges>(Removal.Interval);

    var app = builder.Build();
    app.UseServiceDefaults();
    app.UseApiDefaults();
    app.MapDefaultEndpoints();
    var api = app.MapApi();
    api.MapTicketsApi();
    api.MapAdmissionsApi();
    return app;
}
