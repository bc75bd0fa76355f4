using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Data;
using Ticketing.Orders;
using Ticketing.Tests.Infrastructure;

namespace Ticketing.Tests.Model;

/// <summary>
/// Tickets and Orders as they are shipped, on real databases and a real broker, but with all that happens by itself left to
/// the test: time stands still until it is turned, no job runs, and no relay publishes: the test is the network.
/// </summary>
internal sealed class RealShop : IAsyncDisposable
{
    private readonly Consumptions consumptions = new();

    private RealShop(TestPlatform platform) => Platform = platform;

    public TestPlatform Platform { get; }

    public HttpClient Orders { get; private set; } = null!;

    public HttpClient Tickets { get; private set; } = null!;

    public ExpireOrders Expiry { get; private set; } = null!;

    public static async Task<RealShop> OpenAsync(Servers servers, params Mutation[] without)
    {
        var platform = (await TestPlatform.CreateAsync(servers, "orders", "tickets")).Without(without)
            .With("Orders:HoldSeconds", $"{State.HoldSeconds}")
            .With("Orders:PaymentGraceSeconds", $"{State.GraceSeconds}")
            .With("Orders:MaxHeldPerUser", $"{State.MaxHeldPerUser}");
        platform.Clock.Stop();
        var shop = new RealShop(platform);
        await shop.StartAsync();
        return shop;
    }

    /// <summary>Publishes an event, and returns when whoever it is for has dealt with it.</summary>
    public Task DeliverAsync(object @event) => consumptions.WaitAsync(id => Platform.Broker.PublishAsync(@event, id));

    /// <summary>A request by a user; the status of the answer, and its body.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpClient service, HttpMethod method, string path, Guid user, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", Platform.Users.TokenFor(user, Platform.Clock.GetUtcNow()));
        if (body is not null)
            request.Content = System.Net.Http.Json.JsonContent.Create(body);
        using var answer = await service.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Orders.Dispose();
        Tickets.Dispose();
        await Platform.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var orders = await Platform.StartAsync<Ticketing.Orders.Order>(DoNothingByItself);
        var tickets = await Platform.StartAsync<Ticketing.Tickets.Listing>(DoNothingByItself);
        orders.Services.GetRequiredService<IBusControl>().ConnectConsumeObserver(consumptions);
        tickets.Services.GetRequiredService<IBusControl>().ConnectConsumeObserver(consumptions);
        (Orders, Tickets) = (orders.Anonymous(), tickets.Anonymous());
        Expiry = orders.Services.GetRequiredService<ExpireOrders>();
    }

    private static void DoNothingByItself(IServiceCollection services)
    {
        Jobs.RemoveAll(services);
        foreach (var relay in services.Where(service => service.ImplementationType == typeof(OutboxRelay)).ToArray())
            services.Remove(relay);
    }
}
