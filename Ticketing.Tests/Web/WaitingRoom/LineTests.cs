using Microsoft.Extensions.Time.Testing;
using Shouldly;
using StackExchange.Redis;
using Ticketing.Tests.Expiration;
using Ticketing.Tests.Infrastructure;
using Ticketing.Web.WaitingRoom;
using Xunit;

namespace Ticketing.Tests.Web.WaitingRoom;

/// <summary>The script, on a real Redis and with a turned clock, called by two replicas.</summary>
public sealed class LineTests(RedisFixture fixture, Servers servers) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private const string Silence = "waiting-rooms:silence";

    private readonly FakeTimeProvider time = new();
    private readonly Room slow = new(Guid.CreateVersion7(), 1);
    private readonly Room room = new(Guid.CreateVersion7(), 600);
    private readonly List<ConnectionMultiplexer> connections = [];
    private Line[] replicas = [];

    private Line Line => replicas[0];

    public async ValueTask InitializeAsync()
    {
        replicas = [await ConnectAsync(fixture.Address, time), await ConnectAsync(fixture.Address, time)];
        // Of the test before, at the end of its own time.
        await connections[0].GetDatabase().KeyDeleteAsync(Silence);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            await connection.CloseAsync();
    }

    [Fact]
    public async Task Below_the_rate_nobody_waits()
    {
        for (var i = 0; i < 20; i++)
        {
            (await EnterAsync(slow with { BuyersPerMinute = 60 })).Standing.ShouldBe(Standing.Admitted);
            time.Advance(Second);
        }
    }

    [Fact]
    public async Task First_come_first_served_at_the_rate_and_no_faster_by_however_many_replicas()
    {
        var (users, passed) = await CrowdAsync(replicas);
        // Two seconds' worth.
        passed.ShouldBe(20);
        var inOrder = (await Line.LookAsync(room, users)).Zip(users).OrderBy(place => place.First.Position).ToList();
        inOrder.Where(place => place.First.Standing == Standing.Waiting).Select(place => place.First.Position)
            .ShouldBe(Enumerable.Range(1, 180).Select(position => (long)position));
        var line = inOrder.Where(place => place.First.Standing == Standing.Waiting).Select(place => place.Second).ToList();

        for (var second = 1; second <= 18; second++)
        {
            time.Advance(Second);
            var places = await replicas[second % 2].LookAsync(room, line);
            // 600 a minute are ten a second; and those are the ones who came first.
            places.TakeWhile(place => place.Standing == Standing.Admitted).Count().ShouldBe(10 * second);
            places.Count(place => place.Standing == Standing.Admitted).ShouldBe(10 * second);
        }
    }

    /// <summary>The negative control: replicas that do not share one line let through more than the rate allows.</summary>
    [Fact]
    public async Task Replicas_with_a_line_each_would_let_too_many_through()
    {
        var apart = await ConnectAsync(await servers.CreateRedisDatabaseAsync(), time);
        (await CrowdAsync([Line, apart])).Passed.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Coming_again_and_again_gains_nothing()
    {
        await EnterAsync(slow);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await EnterAsync(slow, first);

        var tries = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => EnterAsync(slow, second, $"key {i}", replicas[i % 2])));

        tries.ShouldAllBe(place => place.Standing == Standing.Waiting && place.Position == 2);
        (await EnterAsync(slow, first)).Position.ShouldBe(1);
    }

    [Fact]
    public async Task The_likely_wait_is_told()
    {
        await EnterAsync(slow);
        (await EnterAsync(slow)).Wait.ShouldBe(TimeSpan.FromMinutes(1));
        await PassAsync(15);
        (await EnterAsync(slow)).Wait.ShouldBe(TimeSpan.FromSeconds(105));
    }

    [Fact]
    public async Task Who_is_no_longer_there_is_passed_over_and_costs_nobody_a_turn()
    {
        var (absent, present) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await EnterAsync(slow);
        await EnterAsync(slow, absent);
        (await EnterAsync(slow, present)).Position.ShouldBe(2);

        await PassAsync(50);
        (await LookAsync(slow, present)).Position.ShouldBe(2);
        await PassAsync(10);

        (await LookAsync(slow, present)).Standing.ShouldBe(Standing.Admitted);
        (await LookAsync(slow, absent)).Standing.ShouldBe(Standing.Absent);
    }

    /// <summary>Redis was away, or all of the site: nobody could say that they are there.</summary>
    [Theory]
    [InlineData(61)]
    [InlineData(3000)]
    public async Task An_outage_costs_nobody_the_place_or_the_turn_but_leaving_does(int seconds)
    {
        var (admitted, first, second, places) = await BeforeAnOutageAsync();

        time.Advance(TimeSpan.FromSeconds(seconds));

        // Whichever replica is asked first.
        (await replicas[1].LookAsync(slow, [admitted, first, second])).ShouldBe(places.Select(place =>
            place.Standing == Standing.Admitted ? place with { Until = place.Until.AddSeconds(seconds) } : place));
        (await EnterAsync(slow, admitted)).Standing.ShouldBe(Standing.Admitted);
        await PassAsync(61);
        (await LookAsync(slow, second)).Standing.ShouldBe(Standing.Absent);
    }

    /// <summary>If the same time cost nobody the place where silences count, the test above would show nothing.</summary>
    [Fact]
    public async Task Control_without_the_silences_the_same_outage_costs_everybody_the_place()
    {
        var (admitted, first, second, _) = await BeforeAnOutageAsync();

        time.Advance(TimeSpan.FromSeconds(61));
        await connections[0].GetDatabase().KeyDeleteAsync(Silence);

        (await replicas[1].LookAsync(slow, [admitted, first, second])).ShouldAllBe(place => place.Standing == Standing.Absent);
    }

    [Fact]
    public async Task While_one_replica_is_there_it_is_no_outage()
    {
        var (_, first, second, _) = await BeforeAnOutageAsync();

        for (var passed = 0; passed < 61; passed += 4)
        {
            time.Advance(4 * Second);
            await replicas[1].SayHereAsync();
        }

        (await Line.LookAsync(slow, [first, second])).ShouldAllBe(place => place.Standing == Standing.Absent);
    }

    [Fact]
    public async Task A_turn_is_good_for_one_order()
    {
        var user = await AdmittedAsync();
        (await EnterAsync(slow, user)).Standing.ShouldBe(Standing.Admitted);
        (await EnterAsync(slow, user)).Standing.ShouldBe(Standing.Waiting);
    }

    [Fact]
    public async Task Of_two_windows_at_the_same_time_one_passes()
    {
        var user = await AdmittedAsync();
        var places = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => EnterAsync(slow, user, "", replicas[i % 2])));
        places.Count(place => place.Standing == Standing.Admitted).ShouldBe(1);
    }

    [Fact]
    public async Task A_double_click_is_one_pass_and_both_clicks_have_it()
    {
        var user = await AdmittedAsync();
        (await EnterAsync(slow, user, "click")).Standing.ShouldBe(Standing.Admitted);
        (await EnterAsync(slow, user, "click")).Standing.ShouldBe(Standing.Repeated);
        (await EnterAsync(slow, user, "another")).Standing.ShouldBe(Standing.Waiting);

        await Line.RefusedAsync(slow, user, "click");
        (await EnterAsync(slow, user, "click")).Standing.ShouldBe(Standing.Waiting);
    }

    [Fact]
    public async Task What_failed_on_our_side_may_be_tried_again_until_the_turn_ends()
    {
        var user = await AdmittedAsync();
        var pass = await EnterAsync(slow, user, "key");
        await Line.FailedAsync(slow, user, "key", pass.Until);
        (await EnterAsync(slow, user, "key")).ShouldBe(pass);

        await Line.FailedAsync(slow, user, "key", pass.Until);
        await PassAsync((int)Line.Admission.TotalSeconds);
        (await LookAsync(slow, user)).Standing.ShouldBe(Standing.Absent);
    }

    [Fact]
    public async Task A_turn_that_is_not_taken_ends_and_its_user_joins_at_the_end()
    {
        var user = await AdmittedAsync();
        var behind = Guid.CreateVersion7();
        await EnterAsync(slow, behind);
        await PassAsync(30);
        await LookAsync(slow, behind);
        await PassAsync(30);

        (await LookAsync(slow, user)).Standing.ShouldBe(Standing.Absent);
        (await LookAsync(slow, behind)).Standing.ShouldBe(Standing.Admitted);
        (await EnterAsync(slow, user)).ShouldBe(new Place(Standing.Waiting, 1, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Who_leaves_makes_room()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await EnterAsync(slow);
        await EnterAsync(slow, first);
        await EnterAsync(slow, second);

        await Line.LeaveAsync(slow, first);

        (await LookAsync(slow, second)).Position.ShouldBe(1);
        (await LookAsync(slow, first)).Standing.ShouldBe(Standing.Absent);
    }

    [Fact]
    public async Task A_clock_that_is_behind_adds_no_turn()
    {
        var behind = await ConnectAsync(fixture.Address, new FakeTimeProvider(time.GetUtcNow() - 2 * Second));

        var passed = 0;
        for (var i = 0; i < 40; i++)
            passed += (await EnterAsync(slow, line: i % 2 == 0 ? Line : behind)).Standing == Standing.Admitted ? 1 : 0;
        passed.ShouldBe(1);
    }

    [Fact]
    public async Task A_higher_rate_counts_at_once()
    {
        await EnterAsync(slow);
        var user = Guid.CreateVersion7();
        await EnterAsync(slow, user);
        time.Advance(Second);
        (await LookAsync(slow with { BuyersPerMinute = 60 }, user)).Standing.ShouldBe(Standing.Admitted);
    }

    [Fact]
    public async Task A_room_that_nobody_enters_leaves_nothing_behind()
    {
        await EnterAsync(slow, key: "key");
        await AdmittedAsync();
        await EnterAsync(slow);
        var database = connections[0].GetDatabase();
        var keys = (string[])(await database.ScriptEvaluateAsync("return redis.call('KEYS', ARGV[1])", null, [$"{{room:{slow.TicketId}}}:*"]))!;
        keys.Length.ShouldBe(5);
        foreach (var key in keys)
            (await database.KeyTimeToLiveAsync(key)).ShouldNotBeNull(key);
    }

    /// <summary>Somebody whose turn it is, two who wait behind them, and how they stand; then 20 s pass without a word of theirs.</summary>
    private async Task<(Guid Admitted, Guid First, Guid Second, IReadOnlyList<Place> Places)> BeforeAnOutageAsync()
    {
        var (admitted, first, second) = (await AdmittedAsync(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await EnterAsync(slow, first);
        await EnterAsync(slow, second);
        await PassAsync(20);
        return (admitted, first, second, await Line.LookAsync(slow, [admitted, first, second]));
    }

    /// <summary>Time passes, and the site is there.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            time.Advance(Second);
            await Line.SayHereAsync();
        }
    }

    /// <summary>200 come all at once; so many pass.</summary>
    private async Task<(Guid[] Users, int Passed)> CrowdAsync(Line[] lines)
    {
        var users = Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7()).ToArray();
        var places = await Task.WhenAll(users.Select((user, i) => EnterAsync(room, user, "", lines[i % lines.Length])));
        return (users, places.Count(place => place.Standing == Standing.Admitted));
    }

    /// <summary>Somebody whose turn it is, and who has not passed yet.</summary>
    private async Task<Guid> AdmittedAsync()
    {
        var user = Guid.CreateVersion7();
        await EnterAsync(slow);
        await EnterAsync(slow, user);
        for (var i = 0; i < 3; i++)
        {
            if ((await LookAsync(slow, user)).Standing == Standing.Admitted)
                return user;
            await PassAsync(30);
        }
        throw new InvalidOperationException("It never became their turn.");
    }

    private Task<Place> EnterAsync(Room where, Guid? user = null, string key = "", Line? line = null) =>
        (line ?? Line).EnterAsync(where, user ?? Guid.CreateVersion7(), key);

    private async Task<Place> LookAsync(Room where, Guid user) => (await Line.LookAsync(where, [user]))[0];

    private async Task<Line> ConnectAsync(string address, TimeProvider clock)
    {
        connections.Add(await ConnectionMultiplexer.ConnectAsync(address));
        return new Line(connections[^1], new RoomClock(connections[^1], clock));
    }
}
