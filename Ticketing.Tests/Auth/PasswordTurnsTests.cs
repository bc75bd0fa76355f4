using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Auth.Users;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class PasswordTurnsTests
{
    [Fact]
    public async Task No_more_than_there_are_cores_at_once_and_nobody_is_forgotten()
    {
        using var turns = new PasswordTurns();
        int running = 0, most = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => turns.InvokeAsync(Request(), async _ =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return null;
        }).AsTask()));

        most.ShouldBeInRange(1, Environment.ProcessorCount);
        running.ShouldBe(0);
    }

    [Fact]
    public async Task Who_fails_or_hangs_up_does_not_keep_the_turn()
    {
        using var turns = new PasswordTurns();
        for (var i = 0; i < Environment.ProcessorCount * 2; i++)
        {
            await Should.ThrowAsync<InvalidOperationException>(async () => await turns.InvokeAsync(Request(), _ => throw new InvalidOperationException()));
            await Should.ThrowAsync<OperationCanceledException>(async () => await turns.InvokeAsync(Request(hungUp: true), _ => throw new InvalidOperationException()));
        }

        (await turns.InvokeAsync(Request(), _ => ValueTask.FromResult<object?>("done"))).ShouldBe("done");
    }

    private static DefaultEndpointFilterInvocationContext Request(bool hungUp = false) =>
        new(new DefaultHttpContext { RequestAborted = new CancellationToken(hungUp) });

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
    }
}
