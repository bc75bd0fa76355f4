using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Stripe;
using Stripe.Checkout;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments.Gateway;

/// <summary>Adds the gateway with Stripe's client, its address, key and time limits.</summary>
internal static class StripeGatewayExtensions
{
    /// <summary>The name of the HttpClient.</summary>
    public const string HttpClientName = "stripe";


    public static void AddStripeGateway(this WebApplicationBuilder builder)
    {
        builder.AddSettings<StripeOptions>(StripeOptions.Section);
        builder.Services
            .AddHttpClient(HttpClientName, client => client.Timeout = TimeLimits.Stripe)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeLimits.StripeConnect,
                // So that a client that lives as long as the process hears of Stripe's new addresses.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Every call is a span in the trace already; the log has what was refused.
            .RemoveAllLoggers();
        builder.Services.AddSingleton<IStripeClient>(services =>
        {
            var options = services.GetRequiredService<IOptions<StripeOptions>>().Value;
            var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName);
            return new StripeClient(new StripeClientOptions
            {
                ApiKey = options.SecretKey,
                ApiBase = options.BaseAddress.TrimEnd('/'),
                // The gateway repeats calls by its own rules.
                HttpClient = new SystemNetHttpClient(http, maxNetworkRetries: 0, enableTelemetry: false),
            });
        });
        builder.Services.AddSingleton<PaymentIntentService>();
        builder.Services.AddSingleton<SessionService>();
        builder.Services.AddSingleton<RefundService>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RateLimitPause>();
        builder.Services.AddSingleton<StripeGateway>();
    }
}
