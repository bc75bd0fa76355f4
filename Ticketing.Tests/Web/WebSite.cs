using Microsoft.Extensions.DependencyInjection;
using Ticketing.Tests.Infrastructure;
using Ticketing.Web.Forwarding;
using Xunit;

namespace Ticketing.Tests.Web;

[CollectionDefinition]
public sealed class WebCollection : ICollectionFixture<WebSite>;

/// <summary>The site on real Kestrel, Redis and RabbitMQ, with the services behind it played by the test.</summary>
public sealed class WebSite(Servers servers) : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    internal StubService Auth { get; private set; } = null!;

    internal StubService Tickets { get; private set; } = null!;

    internal StubService Orders { get; private set; } = null!;

    internal StubService Payments { get; private set; } = null!;

    /// <summary>The site, once it says that all is up.</summary>
    internal TestService<ForwardingOptions> Web { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Platform = await TestPlatform.CreateAsync(servers, "redis");
        (Auth, Tickets) = (await StubService.StartAsync(), await StubService.StartAsync());
        (Orders, Payments) = (await StubService.StartAsync(), await StubService.StartAsync());
        Web = Start();
        await IsHealthyAsync(Web);
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        await Platform.DisposeAsync();
        foreach (var stub in new[] { Auth, Tickets, Orders, Payments })
            await stub.DisposeAsync();
    }

    /// <summary>Starts another replica, or one with other settings, and does not wait for its health.</summary>
    internal TestService<ForwardingOptions> Start(params (string Key, string Value)[] others) => Start(configure: null, others);

    /// <summary>The same with registrations replaced.</summary>
    internal TestService<ForwardingOptions> Start(Action<IServiceCollection>? configure, params (string Key, string Value)[] others)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:rabbitmq"] = Platform.ConnectionString("rabbitmq"),
            ["ConnectionStrings:redis"] = Platform.ConnectionString("redis"),
            ["services:auth:http:0"] = Auth.Address.ToString(),
            ["services:tickets:http:0"] = Tickets.Address.ToString(),
            ["services:orders:http:0"] = Orders.Address.ToString(),
            ["services:payments:http:0"] = Payments.Address.ToString(),
            ["Forwarding:ResponseTimeout"] = "00:00:02",
            // A test that changes what a service says wants to see it at once.
            ["Forwarding:ListingAge"] = "00:00:00",
        };
        foreach (var (key, value) in others)
            settings[key] = value;
        return new TestService<ForwardingOptions>(settings, Platform.Clock, Platform.Users, configure);
    }

    internal static async Task IsHealthyAsync(TestService<ForwardingOptions> web)
    {
        using var client = web.Anonymous();
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the site is healthy");
    }
}
