using Shouldly;
using Ticketing.Auth.Keys;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class KeyScheduleTests
{
    private static readonly TimeSpan Rotation = TimeSpan.FromDays(30);
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_key_signs_at_once()
    {
        var plan = KeySchedule.Plan([], Start, Rotation);
        plan.NewKeySignsFrom.ShouldBe(Start);
        plan.Retired.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(718, null)]
    [InlineData(719, 720)]
    [InlineData(720, 721)] // late: an hour's notice all the same
    [InlineData(2000, 2001)]
    public void The_next_key_is_published_an_hour_before_it_signs(int nowHours, int? signsFromHours)
    {
        var plan = KeySchedule.Plan([new("a", Start)], Start.AddHours(nowHours), Rotation);
        plan.NewKeySignsFrom.ShouldBe(signsFromHours is { } hours ? Start.AddHours(hours) : null);
    }

    [Fact]
    public void A_key_that_waits_for_its_time_is_enough() =>
        KeySchedule.Plan([new("a", Start), new("b", Start.AddDays(30))], Start.AddDays(29.99), Rotation).NewKeySignsFrom.ShouldBeNull();

    [Fact]
    public void A_key_is_retired_when_its_last_token_has_expired_everywhere()
    {
        KeyTimes[] keys = [new("a", Start), new("b", Start.AddDays(30)), new("c", Start.AddDays(60))];

        KeySchedule.Plan(keys, Start.AddDays(30).AddMinutes(75), Rotation).Retired.ShouldBeEmpty();
        KeySchedule.Plan(keys, Start.AddDays(30).AddMinutes(76), Rotation).Retired.ShouldBe(["a"]);
        KeySchedule.Plan(keys, Start.AddDays(61), Rotation).Retired.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void The_latest_key_whose_time_has_come_signs()
    {
        KeyTimes[] keys = [new("a", Start), new("b", Start.AddDays(30))];

        Current(Start.AddDays(-1)).ShouldBe("a", "by a clock that is late");
        Current(Start).ShouldBe("a");
        Current(Start.AddDays(30).AddTicks(-1)).ShouldBe("a");
        Current(Start.AddDays(30)).ShouldBe("b");

        string Current(DateTimeOffset now) => KeySchedule.Current(keys, key => key.SignsFrom, now).Kid;
    }

    /// <summary>Two years, minute by minute: whoever verifies with a set of keys up to 50 minutes old knows every token's key.</summary>
    [Fact]
    public void Over_two_years_no_token_is_ever_signed_with_an_unknown_or_a_retired_key()
    {
        List<KeyTimes> keys = [];
        Queue<(DateTimeOffset At, string[] Kids)> published = new();
        Queue<(DateTimeOffset At, string Kid)> tokens = new();
        var made = 0;
        var rotation = TimeSpan.FromDays(1);

        for (var now = Start; now < Start.AddDays(730); now = now.AddMinutes(1))
        {
            var plan = KeySchedule.Plan(keys, now, rotation);
            keys.RemoveAll(key => plan.Retired.Contains(key.Kid));
            if (plan.NewKeySignsFrom is { } from) keys.Add(new KeyTimes($"{made++}", from));

            published.Enqueue((now, [.. keys.Select(key => key.Kid)]));
            while (published.Peek().At < now.AddMinutes(-50)) published.Dequeue();
            tokens.Enqueue((now, KeySchedule.Current(keys, key => key.SignsFrom, now).Kid));
            while (tokens.Peek().At <= now.AddMinutes(-16)) tokens.Dequeue();

            if (now > Start.AddMinutes(50)) published.Peek().Kids.ShouldContain(tokens.Last().Kid);
            published.Last().Kids.ShouldContain(tokens.Peek().Kid);
            keys.Count.ShouldBeLessThanOrEqualTo(3);
        }

        made.ShouldBe(731, "one at the start and one for every day");
    }
}
