using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Messaging;

/// <summary>
/// A message that cannot be handled ends in the error queue after a bounded number of tries, however it fails; a server that is
/// away is waited out without limit, and nothing is held or fetched meanwhile.
/// </summary>
public sealed class PoisonTests(Servers servers) : IAsyncLifetime
{
    /// <summary>The first attempt, and one after each interval.</summary>
    private static readonly int Attempts = 1 + new MessagingBuilder().RetryIntervals.Length;

    private readonly ConsumingService.Work work = new();
    private TestPlatform platform = null!;

    public async ValueTask InitializeAsync() => platform = await TestPlatform.CreateAsync(servers);

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task A_message_that_times_out_each_time_is_laid_aside_while_its_server_serves()
    {
        await using var service = await StartAsync();
        var (poison, healthy) = (Guid.NewGuid(), Guid.NewGuid());
        work.Handle = id => id == poison ? throw new TimeoutException("The statement took too long.") : Task.CompletedTask;

        await PublishAsync(poison);
        await PublishAsync(healthy);

        await Eventually.HoldsAsync(() => Task.FromResult(work.Handled.ContainsKey(healthy)), "what is behind it is handled");
        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Errors), 1u);
        work.Tried.Count(id => id == poison).ShouldBe(Attempts);
        (await service.ReasonAsync()).ShouldBe("The statement took too long.");
    }

    [Fact]
    public async Task While_a_server_is_away_nothing_is_consumed_and_nothing_is_lost_however_long_it_takes()
    {
        await using var service = await StartAsync();
        Guid[] messages = [.. Enumerable.Range(0, 50).Select(_ => Guid.NewGuid())];
        work.Serves = false;
        work.Handle = _ => work.Serves ? Task.CompletedTask : throw new TimeoutException("The store does not answer.");

        await Task.WhenAll(messages.Select(PublishAsync));

        await Eventually.BecomesAsync(service.ConsumersAsync, 0u);
        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Queue), (uint)messages.Length);
        var health = await service.HealthAsync("messaging");
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldBe("No events are consumed until every server serves: The store does not answer.");
        // Nobody fetches them, so the broker counts nothing against them.
        var tried = work.Tried.Count;
        await Task.Delay(TimeSpan.FromSeconds(3));
        work.Tried.Count.ShouldBe(tried);

        work.Serves = true;

        await Eventually.BecomesAsync(() => Task.FromResult(work.Handled.Count), messages.Length);
        (await service.LengthAsync(ConsumingService.Errors)).ShouldBe(0u);
        await Eventually.HoldsAsync(async () => (await service.HealthAsync("messaging")).Status == HealthStatus.Healthy, "it is healthy again");
    }

    [Fact]
    public async Task A_message_that_is_never_done_is_taken_off_its_consumer()
    {
        await using var service = await StartAsync(messaging => messaging.LongestDelivery = TimeSpan.FromSeconds(1));
        var endless = new TaskCompletionSource();
        work.Handle = _ => endless.Task;

        await PublishAsync(Guid.NewGuid());

        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Errors), 1u);
        (await service.ReasonAsync()).ShouldBe("It was not handled within 1 s.");
        endless.SetResult();
    }

    [Theory]
    [InlineData((int)BoundedDelivery.MaxRedeliveries, false)]
    [InlineData((int)BoundedDelivery.MaxRedeliveries - 1, true)]
    public async Task A_message_that_came_back_too_often_is_laid_aside_before_a_broker_would_drop_it(int times, bool handled)
    {
        await ConsumingService.PutBackAsync(platform.ConnectionString("rabbitmq"), [Guid.NewGuid()], times);

        await using var service = await StartAsync();

        await Eventually.HoldsAsync(
            async () => (work.Handled.IsEmpty ? 0 : 1) + await service.LengthAsync(ConsumingService.Errors) == 1, "it is handled or laid aside");
        work.Handled.IsEmpty.ShouldBe(!handled);
        work.Tried.IsEmpty.ShouldBe(!handled);
        if (!handled)
            (await service.ReasonAsync()).ShouldStartWith($"It was taken back {times} times");
    }

    private Task PublishAsync(Guid user) => platform.Broker.PublishAsync(new UserDeleted(user));

    private Task<ConsumingService> StartAsync(Action<MessagingBuilder>? configure = null) =>
        ConsumingService.StartAsync(platform.ConnectionString("rabbitmq"), work, configure);
}
