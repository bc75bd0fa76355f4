using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace Ticketing.Payments;

/// <summary>Adds the client with its address, key and time limits.</summary>
internal static class StripeClientExtensions
{
    /// <summary>One try; there are up to three.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    public static void AddStripeClient(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StripeClient>();
        builder.Services
            .AddHttpClient(StripeClient.Name, (services, client) =>
            {
                var options = services.GetRequiredService<IOptions<StripeOptions>>().Value;
                client.BaseAddress = new Uri(options.BaseAddress);
                client.Timeout = Timeout;
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
                client.DefaultRequestHeaders.Add("Stripe-Version", StripeClient.ApiVersion);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            // Every call is a span in the trace already; the log has what was refused.
            .RemoveAllLoggers();
    }
}
