using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Ticketing.Reliability;

/// <summary>Where a running platform's parts are, and the secrets that open them.</summary>
/// <param name="Site">The public origin.</param>
/// <param name="Payments">Payments itself: where Stripe delivers its events.</param>
/// <param name="Stripe">The sandbox.</param>
/// <param name="StripeKey">The sandbox's secret key.</param>
/// <param name="WebhookSecret">What the sandbox signs its events with.</param>
/// <param name="Postgres">The superuser's connection string.</param>
/// <param name="Redis">Redis's connection string.</param>
/// <param name="Broker">The broker's address, with its password.</param>
internal sealed record PlatformAddresses(
    Uri Site, Uri Payments, Uri Stripe, string StripeKey, string WebhookSecret, NpgsqlConnectionStringBuilder Postgres, string Redis, Uri Broker)
{
    /// <summary>From the variables that the AppHost gives to whatever it starts.</summary>
    /// <exception cref="InvalidOperationException">One is missing; the message has its name.</exception>
    public static PlatformAddresses FromEnvironment()
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        return new(
            new(Get("services:web:http:0")), new(Get("services:payments:http:0")), new(Get("Stripe:BaseAddress")),
            Get("Stripe:SecretKey"), Get("Stripe:WebhookSecret"),
            new(Get("ConnectionStrings:postgres")), Get("ConnectionStrings:redis"), new(Get("ConnectionStrings:rabbitmq")));

        string Get(string key) => environment[key] ?? throw new InvalidOperationException(
            $"{key.Replace(":", "__", StringComparison.Ordinal)} is not set. The AppHost knows it: dotnet aspire resource web check");
    }
}
