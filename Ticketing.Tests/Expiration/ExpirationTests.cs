using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Expiration;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Expiration;

/// <summary>Two replicas of Expiration, with a Redis database and a virtual host of their own for one test class.</summary>
public sealed class ExpirationFixture(Servers servers) : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    internal IReadOnlyList<TestService<HoldClocks>> Replicas { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Platform = await TestPlatform.CreateAsync(servers, "redis");
        Replicas = [await Platform.StartAsync<HoldClocks>(), await Platform.StartAsync<HoldClocks>()];
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}

/// <summary>Between the events of Orders and what Orders is told.</summary>
public sealed class ExpirationTests(ExpirationFixture fixture) : IClassFixture<ExpirationFixture>
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    private readonly TestPlatform platform = fixture.Platform;
    private readonly IReadOnlyList<TestService<HoldClocks>> replicas = fixture.Replicas;

    [Fact]
    public async Task An_order_is_told_within_a_second_of_its_end_and_not_before()
    {
        var order = Order();
        await platform.Broker.PublishAsync(new OrderCreated(order));
        await SettleAsync();
        Told(order).ShouldBe(0);

        platform.Clock.Turn(Hold);
        await Eventually.HoldsAsync(() => Task.FromResult(Told(order) > 0), "the order's end is told", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_payment_moves_the_end_and_a_late_older_event_does_not_turn_it_back()
    {
        var order = Order();
        var paying = order with { Status = OrderStatus.AwaitingPayment, Version = 1, ExpiresAt = order.ExpiresAt + Hold };
        await platform.Broker.PublishAsync(new OrderPaymentStateChanged(paying));
        await SettleAsync();
        await platform.Broker.PublishAsync(new OrderCreated(order));
        await SettleAsync();

        platform.Clock.Turn(Hold + TimeSpan.FromSeconds(1));
        await SettleAsync();
        Told(order).ShouldBe(0);
        await platform.Broker.PublishAsync(new OrderPaymentStateChanged(order with { Version = 2 }));
        await Eventually.HoldsAsync(() => Task.FromResult(Told(order) > 0), "the order is back at its old end");
    }

    [Theory]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Complete)]
    public async Task An_ended_order_is_not_told(string status)
    {
        var order = Order();
        await platform.Broker.PublishAsync(new OrderCreated(order));
        await SettleAsync();
        var ended = order with { Status = status, Version = 1 };
        await platform.Broker.PublishAsync(status == OrderStatus.Complete ? new OrderCompleted(ended) : new OrderCancelled(ended));
        await SettleAsync();

        platform.Clock.Turn(Hold + TimeSpan.FromSeconds(1));
        await SettleAsync();
        Told(order).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_that_stays_open_is_told_again_and_an_order_that_ends_is_not()
    {
        var order = Order();
        await platform.Broker.PublishAsync(new OrderCreated(order));
        await SettleAsync();
        platform.Clock.Turn(Hold);
        await Eventually.BecomesAsync(() => Task.FromResult(Told(order)), 1);

        platform.Clock.Turn(HoldClocks.Lease);
        await Eventually.BecomesAsync(() => Task.FromResult(Told(order)), 2);
        await platform.Broker.PublishAsync(new OrderCancelled(order with { Status = OrderStatus.Cancelled, Version = 1 }));
        await SettleAsync();
        platform.Clock.Turn(HoldClocks.Lease);
        await SettleAsync();
        Told(order).ShouldBe(2);
    }

    /// <summary>It starts the order's clock again, whose end is told in vain until it has been told often enough.</summary>
    [Fact]
    public async Task An_older_event_that_comes_after_an_orders_end_is_no_warning()
    {
        using var log = new RecordedLog(LogLevel.Warning);
        foreach (var replica in replicas)
            replica.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var order = Order();
        await platform.Broker.PublishAsync(new OrderCancelled(order with { Status = OrderStatus.Cancelled, Version = 1 }));
        await SettleAsync();
        await platform.Broker.PublishAsync(new OrderCreated(order));
        await SettleAsync();

        platform.Clock.Turn(Hold);
        for (var times = 1; times <= HoldClocks.MaxTold; times++)
        {
            await Eventually.BecomesAsync(() => Task.FromResult(Told(order)), times);
            platform.Clock.Turn(HoldClocks.Lease);
        }

        await SettleAsync();
        Told(order).ShouldBeGreaterThanOrEqualTo(HoldClocks.MaxTold);
        log.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_orders_that_end_at_once_are_told_once_each_in_messages_of_at_most_500()
    {
        var orders = Enumerable.Range(0, 1_700).Select(_ => Order()).ToArray();
        await Task.WhenAll(orders.Select(order => platform.Broker.PublishAsync(new OrderCreated(order))));
        await SettleAsync();

        platform.Clock.Turn(Hold);

        var expected = orders.Select(order => order.Id).ToHashSet();
        await Eventually.BecomesAsync(
            () => Task.FromResult(Told().Distinct().Count(expected.Contains)), expected.Count, TimeSpan.FromSeconds(4));
        Told().Count(expected.Contains).ShouldBe(expected.Count);
        platform.Broker.Heard<ExpirationComplete>().ShouldAllBe(message => message.OrderIds.Count >= 1 && message.OrderIds.Count <= 500);
    }

    private OrderState Order()
    {
        var now = platform.Clock.GetUtcNow();
        return new(
            Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1, 1999, "usd", OrderStatus.Created, null,
            now + Hold, now, "Concert", 1999, 0, null, null, 0);
    }

    private int Told(OrderState order) => Told().Count(id => id == order.Id);

    private Guid[] Told() => [.. platform.Broker.Heard<ExpirationComplete>().SelectMany(message => message.OrderIds)];

    /// <summary>Waits until an order that is due already, and was published after everything else, is told.</summary>
    private async Task SettleAsync()
    {
        var marker = Order() with { ExpiresAt = platform.Clock.GetUtcNow() };
        await platform.Broker.PublishAsync(new OrderCreated(marker));
        await Eventually.HoldsAsync(() => Task.FromResult(Told(marker) > 0), "everything before is handled");
        await platform.Broker.PublishAsync(new OrderCancelled(marker with { Status = OrderStatus.Cancelled, Version = 1 }));
    }
}
