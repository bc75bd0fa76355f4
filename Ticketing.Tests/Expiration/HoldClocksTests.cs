using Microsoft.Extensions.Time.Testing;
using Shouldly;
using StackExchange.Redis;
using Ticketing.Expiration;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Expiration;

/// <summary>A Redis database of its own for one test class.</summary>
public sealed class RedisFixture(Servers servers) : IAsyncLifetime
{
    internal string Address { get; private set; } = "";

    public async ValueTask InitializeAsync() => Address = await servers.CreateRedisDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The scripts, on a real Redis and with a turned clock; no service runs on it.</summary>
public sealed class HoldClocksTests(RedisFixture fixture) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider time = new();
    private ConnectionMultiplexer redis = null!;
    private HoldClocks clocks = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await ConnectionMultiplexer.ConnectAsync(fixture.Address);
        await redis.GetDatabase().ScriptEvaluateAsync("return redis.call('FLUSHDB')");
        clocks = new HoldClocks(redis, time);
    }

    public async ValueTask DisposeAsync() => await redis.CloseAsync();

    [Fact]
    public async Task An_order_is_handed_out_when_its_time_is_up_and_not_before()
    {
        var order = await SetAsync(due: time.GetUtcNow() + Hold);
        (await clocks.ClaimAsync()).ShouldBeEmpty();

        time.Advance(Hold - TimeSpan.FromSeconds(2));
        (await clocks.ClaimAsync()).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(2));
        (await clocks.ClaimAsync()).ShouldBe([order]);
    }

    [Fact]
    public async Task The_longest_due_come_first_and_500_at_once()
    {
        var now = time.GetUtcNow();
        var orders = Enumerable.Range(0, 510).Select(_ => Guid.CreateVersion7()).ToArray();
        await clocks.SetAsync(orders.Reverse().Select((order, age) => new HoldClock(order, 0, now.AddMilliseconds(-age))));

        (await clocks.ClaimAsync()).ShouldBe(orders[..500]);
        (await clocks.ClaimAsync()).ShouldBe(orders[500..]);
        (await clocks.ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_a_newer_version_moves_a_clock_in_either_direction()
    {
        var now = time.GetUtcNow();
        var order = await SetAsync(version: 1, due: now + 2 * Hold);
        await SetAsync(order, version: 0, due: now);
        await SetAsync(order, version: 1, due: now);
        (await clocks.ClaimAsync()).ShouldBeEmpty();

        await SetAsync(order, version: 2, due: now);
        (await clocks.ClaimAsync()).ShouldBe([order]);
        await SetAsync(order, version: 10, due: now + Hold);
        await SetAsync(order, version: 9, due: now);
        time.Advance(HoldClocks.Lease);
        (await clocks.ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_dies_with_claimed_orders_loses_none()
    {
        var order = await SetAsync();
        (await clocks.ClaimAsync()).ShouldBe([order]);

        time.Advance(HoldClocks.Lease - TimeSpan.FromSeconds(1));
        (await clocks.ClaimAsync()).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(1));
        (await clocks.ClaimAsync()).ShouldBe([order]);
    }

    [Fact]
    public async Task Two_replicas_share_the_orders_and_no_order_goes_to_both()
    {
        var orders = await Task.WhenAll(Enumerable.Range(0, 3_000).Select(_ => SetAsync()));
        using var otherRedis = await ConnectionMultiplexer.ConnectAsync(fixture.Address);
        HoldClocks[] replicas = [clocks, new HoldClocks(otherRedis, time)];

        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => replicas[i % 2].ClaimAsync()));

        claimed.SelectMany(ids => ids).Order().ShouldBe(orders.Order());
    }

    [Fact]
    public async Task An_order_that_nobody_ends_is_told_20_times_and_then_forgotten()
    {
        var order = await SetAsync();
        for (var told = 1; told <= HoldClocks.MaxTold; told++)
        {
            (await clocks.ClaimAsync()).ShouldBe([order]);
            (await clocks.CountToldAsync([order])).ShouldBe(told == HoldClocks.MaxTold ? 1 : 0);
            TurnPastLease();
        }

        (await clocks.ClaimAsync()).ShouldBeEmpty();
        (await KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_could_not_be_told_is_not_counted()
    {
        var order = await SetAsync();
        for (var i = 0; i < 3 * HoldClocks.MaxTold; i++)
        {
            (await clocks.ClaimAsync()).ShouldBe([order]);
            TurnPastLease();
        }
    }

    [Fact]
    public async Task A_moved_clock_is_told_20_times_anew()
    {
        var order = await SetAsync();
        for (var i = 1; i < HoldClocks.MaxTold; i++)
            await clocks.CountToldAsync([order]);

        await SetAsync(order, version: 1);
        (await clocks.CountToldAsync([order])).ShouldBe(0);
        (await clocks.ClaimAsync()).ShouldBe([order]);
    }

    [Fact]
    public async Task An_ended_order_leaves_nothing_behind_also_when_it_ends_while_it_is_told()
    {
        var (first, second) = (await SetAsync(), await SetAsync());
        (await clocks.ClaimAsync()).Count.ShouldBe(2);

        await clocks.StopAsync([first]);
        await clocks.CountToldAsync([first, second]);
        await clocks.StopAsync([second]);
        await clocks.StopAsync([second]);

        (await KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_older_event_of_an_ended_order_runs_its_clock_for_a_while_only()
    {
        var order = await SetAsync(version: 1);
        await clocks.StopAsync([order]);
        await SetAsync(order, version: 0);

        var told = 0;
        while ((await clocks.ClaimAsync()).Count > 0)
        {
            await clocks.CountToldAsync([order]);
            told++;
            TurnPastLease();
        }
        told.ShouldBe(HoldClocks.MaxTold);
        (await KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Redis_that_forgot_the_scripts_still_runs_them()
    {
        var order = await SetAsync();
        using (var admin = await ConnectionMultiplexer.ConnectAsync(fixture.Address + ",allowAdmin=true"))
            await admin.GetServer(admin.GetEndPoints()[0]).ScriptFlushAsync();
        (await clocks.ClaimAsync()).ShouldBe([order]);
    }

    private void TurnPastLease() => time.Advance(HoldClocks.Lease + TimeSpan.FromMilliseconds(1));

    private async Task<Guid> SetAsync(Guid? order = null, int version = 0, DateTimeOffset? due = null)
    {
        var id = order ?? Guid.CreateVersion7();
        await clocks.SetAsync([new HoldClock(id, version, due ?? time.GetUtcNow().AddMilliseconds(-1))]);
        return id;
    }

    private async Task<string[]> KeysAsync() => (string[])(await redis.GetDatabase().ScriptEvaluateAsync("return redis.call('KEYS', '*')"))!;
}
