using Shouldly;
using Ticketing.Messaging;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class JointWritesTests : IDisposable
{
    private readonly List<int[]> written = [];
    private readonly TaskCompletionSource first = new();
    private readonly JointWrites<int> writes;
    private Func<IReadOnlyList<int>, Exception?> fails = _ => null;

    public JointWritesTests() => writes = new(async entries =>
    {
        written.Add([.. entries]);
        if (written.Count == 1)
            await first.Task;
        if (fails(entries) is { } failure)
            throw failure;
    });

    [Fact]
    public async Task Who_comes_first_is_written_at_once_and_who_comes_meanwhile_together()
    {
        var all = Start(1, 2, 3, 4);
        written.ShouldBe([[1]]);

        first.SetResult();
        await Task.WhenAll(all);

        written.ShouldBe([[1], [2, 3, 4]]);
    }

    [Fact]
    public async Task One_that_cannot_be_written_does_not_keep_the_others_from_it()
    {
        fails = entries => entries.Contains(3) ? new FormatException() : null;
        var all = Start(1, 2, 3, 4);
        first.SetResult();

        await Should.ThrowAsync<FormatException>(() => all[2]);
        await Task.WhenAll(all[0], all[1], all[3]);

        written.ShouldBe([[1], [2, 3, 4], [2], [3], [4]]);
    }

    [Fact]
    public async Task One_that_times_out_does_not_keep_the_others_from_it_either()
    {
        fails = entries => entries.Contains(2) ? new TimeoutException() : null;
        var all = Start(1, 2, 3, 4);
        first.SetResult();

        await Should.ThrowAsync<TimeoutException>(() => all[1]);
        await Task.WhenAll(all[0], all[2], all[3]);

        written.ShouldBe([[1], [2, 3, 4], [2], [3], [4]]);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_to_all_and_not_asked_by_each()
    {
        fails = entries => entries.Contains(1) ? null : new TimeoutException();
        var all = Start(1, 2, 3, 4, 5, 6);
        first.SetResult();

        await all[0];
        foreach (var one in all[1..])
            await Should.ThrowAsync<TimeoutException>(() => one);

        written.ShouldBe([[1], [2, 3, 4, 5, 6], [2], [3]]);
    }

    [Fact]
    public async Task Who_no_longer_waits_is_written_all_the_same_and_holds_nobody_up()
    {
        using var gone = new CancellationTokenSource();
        var all = Start(1);
        var leaving = writes.WriteAsync(2, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaving);
        first.SetResult();

        await Task.WhenAll([.. all, .. Start(3)]);

        written.ShouldBe([[1], [2, 3]]);
    }

    public void Dispose() => writes.Dispose();

    private Task[] Start(params int[] entries) => [.. entries.Select(entry => writes.WriteAsync(entry, CancellationToken.None))];
}
