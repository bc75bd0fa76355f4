using Ticketing.ApiDefaults;
using Ticketing.Data;
using Ticketing.Messaging;
using Ticketing.Payments;
using Ticketing.ServiceDefaults;

return await new ServiceCommand("Takes the money for orders, at Stripe.", Build)
    .WithMigrations("payments-db", typeof(PaymentLedger).Assembly)
    .WithRepublish(RepublishPayments.Page)
    .WithRequeueErrors()
    .With(ReturnUnknownMoney.Command, ReturnUnknownMoney.RunAsync)
    .RunAsync(args);

static WebApplication Build(string[] settings)
{
    var builder = WebApplication.CreateBuilder(settings);
    builder.AddServiceDefaults();
    builder.AddApiDefaults();
    builder.Services.AddOpenApi();
    builder.AddDatabase("payments-db", typeof(PaymentLedger).Assembly);
    builder.AddOutbox();
    builder.AddMessaging(PaymentsApi.AddConsumers);
    builder.AddPayments();

    var app = builder.Build();
    app.UseServiceDefaults();
    app.UseApiDefaults();
    app.MapDefaultEndpoints();
    app.MapApi().MapPayments();
    return app;
}
