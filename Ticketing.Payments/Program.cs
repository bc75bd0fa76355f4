using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.Payments;
using Ticketing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("payments-db");
if (await builder.MigrateIfAskedAsync(args))
    return;

builder.AddOutbox();
builder.AddMessaging(PaymentsApi.AddConsumers);
builder.AddPayments();

var app = builder.Build();
if (await app.RepublishIfAskedAsync(args, RepublishPayments.Page) || await app.RequeueErrorsIfAskedAsync(args)
    || await ReturnUnknownMoney.RunIfAskedAsync(app, args))
    return;

app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapPayments();
app.Run();
