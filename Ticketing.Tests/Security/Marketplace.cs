using System.Net.Http.Json;
using Ticketing.Auth.Users;
using Ticketing.Contracts.Api;
using Ticketing.Payments;
using Ticketing.Reliability.Fuzzing;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.StripeSandbox;
using Ticketing.Tickets;
using Ticketing.Web.Forwarding;
using Xunit;

namespace Ticketing.Tests.Security;

[CollectionDefinition]
public sealed class MarketplaceCollection : ICollectionFixture<Marketplace>;

/// <summary>The site with the real services behind it, but that tokens are signed by the test, who can so forge them well.</summary>
public sealed class Marketplace(Servers servers) : IAsyncLifetime
{
    private readonly Sandbox sandbox = new();

    internal TestPlatform Platform { get; private set; } = null!;

    internal TestService<ForwardingOptions> Web { get; private set; } = null!;

    /// <summary>All routes of all services, as the site's OpenAPI documents have them.</summary>
    internal IReadOnlyList<Route> Routes { get; private set; } = [];

    /// <summary>Where each service listens itself, past the site.</summary>
    internal IReadOnlyDictionary<string, Uri> Services { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Platform = (await TestPlatform.CreateAsync(servers, "auth", "tickets", "orders", "payments", "redis")).With("RateLimits:Enabled", "false");
        await sandbox.InitializeAsync();
        var endpoint = (await sandbox.PostAsync("/v1/webhook_endpoints", "url=http://127.0.0.1:9/&enabled_events[]=*")).Ok();
        Platform.With("Stripe:BaseAddress", sandbox.Service.Address.ToString())
            .With("Stripe:SecretKey", Sandbox.Key)
            .With("Stripe:WebhookSecret", endpoint.Text("secret"))
            .With("Site:PublicOrigin", "https://shop.test");

        var auth = (await Platform.StartAsync<User>()).Address;
        var tickets = (await Platform.StartAsync<Listing>()).Address;
        var orders = (await Platform.StartAsync<Ticketing.Orders.Order>()).Address;
        Platform.With("services:orders:http:0", orders.ToString());
        var payments = (await Platform.StartAsync<PaymentLedger>()).Address;
        (await sandbox.PostAsync($"/v1/webhook_endpoints/{endpoint.Id}", $"url={payments}api/payments/webhook")).Ok();
        Services = new Dictionary<string, Uri> { ["users"] = auth, ["tickets"] = tickets, ["orders"] = orders, ["payments"] = payments };

        Platform.With("services:auth:http:0", auth.ToString()).With("services:tickets:http:0", tickets.ToString())
            .With("services:payments:http:0", payments.ToString());
        Web = await Platform.StartAsync<ForwardingOptions>();
        using var client = Web.Anonymous();
        Routes = await ApiDocument.ReadAsync(client, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    internal string Token(Guid user) => Platform.Users.TokenFor(user, Platform.Clock.GetUtcNow());

    /// <summary>Posts until it is 201: what was made before may take a second to be known everywhere.</summary>
    internal async Task<T> CreateAsync<T>(Guid user, string path, object body)
    {
        using var client = Web.As(user);
        HttpResponseMessage? answer = null;
        await Eventually.HoldsAsync(
            async () => (answer = await client.PostAsJsonAsync(path, body)).IsSuccessStatusCode, $"POST {path} succeeds");
        return (await answer!.Content.ReadFromJsonAsync<T>())!;
    }

    internal Task<TicketResponse> ListAsync(Guid seller) =>
        CreateAsync<TicketResponse>(seller, "/api/tickets", new { title = "Hamlet", price = 10, quantity = 5 });

    internal Task<OrderResponse> OrderAsync(Guid buyer, TicketResponse ticket) =>
        CreateAsync<OrderResponse>(buyer, "/api/orders", new { ticketId = ticket.Id });
}
