using StackExchange.Redis;
using Ticketing.Contracts;
using Ticketing.Expiration;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Expiration;

/// <summary>Redis and the broker die and come back; these servers are the test's own.</summary>
public sealed class OutageTests(Servers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    private TestPlatform platform = null!;
    private TestServer redis = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await TestServer.StartRedisAsync();
        platform = await TestPlatform.CreateAsync(servers);
        platform.With("ConnectionStrings:redis", redis.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await platform.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Clocks_survive_the_death_of_Redis_and_events_wait_for_it()
    {
        var service = await platform.StartAsync<HoldClocks>();
        var (before, during) = (Order(), Order());
        await platform.Broker.PublishAsync(new OrderCreated(before));
        await Eventually.BecomesAsync(RunningAsync, 1);

        await redis.KillAsync();
        await platform.Broker.PublishAsync(new OrderCreated(during));
        using var client = service.Anonymous();
        await Eventually.HoldsAsync(
            async () => (int)(await client.GetAsync("/health")).StatusCode == 503, "the service is not healthy without Redis");
        await redis.StartAgainAsync();
        platform.Clock.Turn(Hold);

        await HearAsync(platform.Broker, before);
        await HearAsync(platform.Broker, during);
    }

    [Fact]
    public async Task What_ends_while_the_broker_is_away_is_told_when_it_is_back()
    {
        await using var rabbit = await TestServer.StartRabbitMQAsync();
        platform.With("ConnectionStrings:rabbitmq", rabbit.ConnectionString);
        await platform.StartAsync<HoldClocks>();
        var order = Order();
        await using (var broker = await TestBroker.ConnectAsync(rabbit.ConnectionString))
        {
            await broker.PublishAsync(new OrderCreated(order));
            await Eventually.BecomesAsync(RunningAsync, 1);
        }

        await rabbit.StopAsync();
        platform.Clock.Turn(Hold);
        await Eventually.HoldsAsync(async () => await DueAsync(order) > platform.Clock.GetUtcNow(), "it is claimed in vain");
        await rabbit.StartAgainAsync();

        await using var again = await TestBroker.ConnectAsync(rabbit.ConnectionString);
        platform.Clock.Turn(HoldClocks.Lease);
        await HearAsync(again, order);
    }

    private OrderState Order()
    {
        var now = platform.Clock.GetUtcNow();
        return new(
            Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1, 1999, "usd", OrderStatus.Created, null,
            now + Hold, now, "Concert", 1999, 0, null, null, 0);
    }

    private static Task<ExpirationComplete> HearAsync(TestBroker broker, OrderState order) =>
        broker.HearAsync<ExpirationComplete>(message => message.OrderIds.Contains(order.Id));

    private Task<long> RunningAsync() => AskAsync(database => database.SortedSetLengthAsync("{expiration}:due"));

    private Task<DateTimeOffset> DueAsync(OrderState order) => AskAsync(async database =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(await database.SortedSetScoreAsync("{expiration}:due", order.Id.ToString()))!.Value));

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> question)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        return await question(connection.GetDatabase());
    }
}
