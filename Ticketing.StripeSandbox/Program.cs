using Ticketing.StripeSandbox;
using Ticketing.StripeSandbox.Control;

var builder = WebApplication.CreateBuilder(args);
builder.AddSandbox();

var app = builder.Build();
app.MapStripeApi();
app.MapPages();
app.MapControl();
app.Run();
