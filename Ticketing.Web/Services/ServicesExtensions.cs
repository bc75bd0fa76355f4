using System.Text;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Services;

internal static class ServicesExtensions
{
    /// <summary>The services that Web calls and forwards to.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auth", "tickets", "orders", "payments"];

    public static IHostApplicationBuilder AddServiceClients(this IHostApplicationBuilder builder)
    {
        foreach (var name in Names)
        {
            // A header field of a client's may hold UTF-8; without this it would fail as if the service were away.
            builder.AddServiceClient(name, name == "payments" ? TimeLimits.Payment : TimeLimits.Call)
                .ConfigurePrimaryHttpMessageHandler((handler, _) =>
                    ((SocketsHttpHandler)handler).RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8);
        }
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<ServiceCaller>();
        builder.Services.AddScoped<AuthClient>();
        builder.Services.AddScoped<TicketsClient>();
        builder.Services.AddScoped<SellingClient>();
        builder.Services.AddScoped<WatchesClient>();
        builder.Services.AddScoped<OrdersClient>();
        builder.Services.AddScoped<OpenHolds>();
        builder.Services.AddScoped<PaymentsClient>();
        builder.Services.AddScoped<UserDataClient>();
        return builder;
    }
}
