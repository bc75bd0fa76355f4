using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;
using Ticketing.Tickets;
using Ticketing.Tickets.Admissions;
using Ticketing.Tickets.Watches;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("tickets-db");
if (await builder.MigrateIfAskedAsync(args))
    return;

builder.AddOutbox();
builder.AddMessaging(messaging => messaging
    .AddConsumer<TrackReservations>(Topology.TicketsOrders)
    .AddConsumer<CorrectQuantity>(Topology.TicketsCorrections)
    .AddConsumer<WithdrawFormerSeller>(Topology.TicketsUsers));
builder.Services.AddSingleton<ReservationLedger>();
builder.AddAdmissions();
builder.AddJob<TellRemainingWatchers>(TellRemainingWatchers.Interval);
builder.AddJob<ForgetNotifications>(ForgetNotifications.Interval);

var app = builder.Build();
if (await app.RepublishIfAskedAsync(args, RepublishTickets.Page) || await app.RequeueErrorsIfAskedAsync(args))
    return;

app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapTicketsApi();
app.MapAdmissionsApi();
app.Run();
