using System.Collections.Concurrent;
using Npgsql;
using Shouldly;
using Ticketing.Orders.Placing;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders.Placing;

/// <summary>Requests put into common transactions; here a transaction is a function that the test lets go on.</summary>
public sealed class GroupCommitTests
{
    [Fact]
    public async Task A_lone_request_goes_at_once_and_those_that_come_meanwhile_go_together_in_their_order()
    {
        var transactions = new Transactions(Roomy);
        var alone = transactions.Submit("a1");
        await transactions.BeginsAsync("a1");

        var others = transactions.SubmitAll("a2", "a3", "b1");
        others.ShouldAllBe(outcome => !outcome.IsCompleted);
        transactions.Commit();
        (await alone).ShouldBe("a1 done");

        await transactions.BeginsAsync("b1", "a2", "a3");
        others.ShouldAllBe(outcome => !outcome.IsCompleted, "nobody is answered before the commit");
        transactions.Commit();
        (await Task.WhenAll(others)).ShouldBe(["a2 done", "a3 done", "b1 done"]);
    }

    [Fact]
    public async Task A_long_line_does_not_keep_the_others_waiting()
    {
        var transactions = new Transactions(Roomy with { Together = 3 });
        _ = transactions.Submit("a1");
        await transactions.BeginsAsync("a1");
        var hot = Enumerable.Range(2, 8).Select(i => transactions.Submit($"a{i}")).ToArray();
        _ = (transactions.Submit("b1"), transactions.Submit("c1"));

        transactions.Commit();
        await transactions.BeginsAsync("b1", "c1", "a2");
        transactions.Commit();
        await transactions.BeginsAsync("a3", "a4", "a5");
        transactions.Commit();
        await transactions.BeginsAsync("a6", "a7", "a8");
        transactions.Commit();
        await transactions.BeginsAsync("a9");
        transactions.Commit();
        await Task.WhenAll(hot);
    }

    [Fact]
    public async Task A_key_is_in_one_transaction_at_a_time_while_other_lanes_work_on_others()
    {
        var transactions = new Transactions(Roomy with { Lanes = 2, Together = 3 });
        _ = transactions.Submit("a1");
        var first = await transactions.BeginsAsync("a1");
        _ = transactions.Submit("a2");
        _ = transactions.Submit("b1");

        await transactions.BeginsAsync("b1");
        transactions.Commit();
        transactions.Commit(first);
        await transactions.BeginsAsync("a2");
    }

    [Fact]
    public async Task What_could_not_be_judged_yet_is_first_of_its_line_next_time()
    {
        var transactions = new Transactions(Roomy);
        _ = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        var outcomes = transactions.SubmitAll("a1", "a2", "a3", "b1");
        transactions.Commit();
        await transactions.BeginsAsync("b1", "a1", "a2", "a3");
        _ = transactions.Submit("a4");

        transactions.Commit(unjudged: ["a2", "a3"]);
        await transactions.BeginsAsync("a2", "a3", "a4");
        transactions.Commit();
        (await Task.WhenAll(outcomes)).ShouldBe(["a1 done", "a2 done", "a3 done", "b1 done"]);
    }

    [Fact]
    public async Task One_that_fails_spoils_no_other()
    {
        var transactions = new Transactions(Roomy);
        _ = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        var outcomes = transactions.SubmitAll("a1", "a2", "a3 bad", "a4", "a5");
        transactions.Commit();

        await transactions.BeginsAsync("a1", "a2", "a3 bad", "a4", "a5");
        transactions.Commit();
        foreach (var part in new string[][] { ["a1", "a2"], ["a3 bad", "a4", "a5"], ["a3 bad"], ["a4", "a5"] })
        {
            await transactions.BeginsAsync(part);
            transactions.Commit();
        }
        await Should.ThrowAsync<ArgumentException>(outcomes[2]);
        (await Task.WhenAll(outcomes.Where((_, index) => index != 2))).ShouldBe(["a1 done", "a2 done", "a4 done", "a5 done"]);
    }

    [Fact]
    public async Task When_the_database_is_away_all_of_a_transaction_are_told_and_none_is_tried_again()
    {
        var transactions = new Transactions(Roomy);
        _ = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        var outcomes = transactions.SubmitAll("a1", "a2");
        transactions.Commit();
        await transactions.BeginsAsync("a1", "a2");
        transactions.Commit(failure: new NpgsqlException("the connection broke", new IOException()));

        foreach (var outcome in outcomes)
            await Should.ThrowAsync<NpgsqlException>(outcome);
        _ = transactions.Submit("a3");
        await transactions.BeginsAsync("a3");
    }

    [Fact]
    public async Task Whoever_finds_no_room_is_told_at_once_and_one_line_leaves_room_for_others()
    {
        var transactions = new Transactions(Roomy with { Waiting = 3, WaitingPerKey = 2 });
        _ = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        Task<string?>[] outcomes = transactions.SubmitAll("a1", "a2", "a3", "b1", "b2");

        outcomes.Select(outcome => outcome.IsCompleted).ShouldBe([false, false, true, false, true]);
        (await outcomes[2]).ShouldBeNull();
        (await outcomes[4]).ShouldBeNull();
        transactions.Commit();
        await transactions.BeginsAsync("b1", "a1", "a2");
    }

    [Fact]
    public async Task A_request_whose_client_has_gone_is_not_done()
    {
        var transactions = new Transactions(Roomy);
        _ = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        using var client = new CancellationTokenSource();
        var gone = transactions.Commits.SubmitAsync('a', "a1", client.Token);
        _ = transactions.Submit("a2");
        await client.CancelAsync();

        transactions.Commit();
        await transactions.BeginsAsync("a2");
        await Should.ThrowAsync<OperationCanceledException>(gone);
    }

    [Fact]
    public async Task Who_waited_too_long_is_refused() =>
        (await new Transactions(Roomy with { Patience = TimeSpan.FromTicks(-1) })
            .Submit("a1")).ShouldBeNull();

    [Fact]
    public async Task At_the_end_what_waits_is_finished_and_nobody_else_gets_in()
    {
        var transactions = new Transactions(Roomy with { Lanes = 2 });
        _ = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        var waiting = transactions.Submit("a1");
        transactions.Commits.Close();
        (await transactions.Submit("b1")).ShouldBeNull();

        transactions.Commit();
        await transactions.BeginsAsync("a1");
        transactions.Commit();
        (await waiting).ShouldBe("a1 done");
        await transactions.Running;
    }

    [Fact]
    public async Task When_there_is_no_time_left_nobody_is_left_hanging()
    {
        var transactions = new Transactions(Roomy);
        var under_way = transactions.Submit("a0");
        await transactions.BeginsAsync("a0");
        var waiting = transactions.Submit("a1");
        transactions.Commits.Close();
        await transactions.GiveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(under_way);
        (await waiting).ShouldBeNull();
        await transactions.Running;
    }

    [Fact]
    public async Task With_any_interleaving_every_line_keeps_its_order_and_is_in_one_lane()
    {
        var random = new Random(20261123);
        var busy = new ConcurrentDictionary<int, bool>();
        var done = new ConcurrentDictionary<int, ConcurrentQueue<int>>();
        var commits = new GroupCommit<int, (int Key, int Number), string>(
            async (requests, cancellationToken) =>
            {
                var keys = requests.Select(request => request.Key).Distinct().ToArray();
                keys.All(key => busy.TryAdd(key, true)).ShouldBeTrue("a key is in one lane");
                await Task.Yield();
                int skip;
                lock (random)
                    skip = random.Next(requests.Count + 1);
                // From some point on nobody is judged, so that orders must hold over being given back too.
                var outcomes = requests.Select((request, index) => index < skip || skip == 0 ? "done" : null).ToArray();
                foreach (var (request, outcome) in requests.Zip(outcomes))
                {
                    if (outcome is not null)
                        done.GetOrAdd(request.Key, _ => []).Enqueue(request.Number);
                }
                keys.All(key => busy.TryRemove(key, out var _)).ShouldBeTrue();
                return outcomes;
            },
            Roomy with { Lanes = 4, Together = 16, Waiting = 20_000, WaitingPerKey = 20_000 },
            TimeProvider.System);
        var running = commits.RunAsync(CancellationToken.None);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(key => Task.Run(() =>
            Task.WhenAll(Enumerable.Range(0, 500).Select(number => commits.SubmitAsync(key, (key, number), CancellationToken.None))))));

        outcomes.SelectMany(outcome => outcome).ShouldAllBe(outcome => outcome == "done");
        done.Values.ShouldAllBe(numbers => numbers.SequenceEqual(Enumerable.Range(0, 500)));
        commits.Close();
        await running;
        commits.Waiting.ShouldBe(0);
    }

    private static GroupCommitBounds Roomy => new(
        Lanes: 1, Together: 10, Waiting: 100, WaitingPerKey: 100, Crowd: 1, LongestWait: TimeSpan.MaxValue, Patience: TimeSpan.MaxValue);

    /// <summary>
    /// Transactions that end when the test says so. A request is its key, a letter, and a number; one that ends in "bad"
    /// makes its transaction fail.
    /// </summary>
    private sealed class Transactions
    {
        private readonly ConcurrentQueue<Transaction> begun = [];
        private Transaction? latest;

        public Transactions(GroupCommitBounds bounds)
        {
            Commits = new(BeginAsync, bounds, TimeProvider.System);
            Running = Commits.RunAsync(GiveUp.Token);
        }

        public GroupCommit<char, string, string> Commits { get; }

        public CancellationTokenSource GiveUp { get; } = new();

        public Task Running { get; }

        public Task<string?> Submit(string request) => Commits.SubmitAsync(request[0], request, CancellationToken.None);

        public Task<string?>[] SubmitAll(params string[] requests) => [.. requests.Select(Submit)];

        /// <summary>The next transaction has these requests.</summary>
        public async Task<Transaction> BeginsAsync(params string[] requests)
        {
            await Eventually.HoldsAsync(() => Task.FromResult(begun.TryDequeue(out latest)), "a transaction begins");
            latest!.Requests.ShouldBe(requests);
            return latest;
        }

        /// <summary>Ends a transaction, or the latest one.</summary>
        public void Commit(Transaction? transaction = null, string[]? unjudged = null, Exception? failure = null)
        {
            var (all, end) = transaction ?? latest!;
            failure ??= all.Any(request => request.EndsWith("bad", StringComparison.Ordinal)) ? new ArgumentException("bad") : null;
            if (failure is not null)
                end.SetException(failure);
            else
                end.SetResult([.. all.Select(request => unjudged?.Contains(request) is true ? null : $"{request} done")]);
        }

        private Task<IReadOnlyList<string?>> BeginAsync(IReadOnlyList<string> requests, CancellationToken cancellationToken)
        {
            var end = new TaskCompletionSource<IReadOnlyList<string?>>(TaskCreationOptions.RunContinuationsAsynchronously);
            begun.Enqueue(new(requests, end));
            return end.Task.WaitAsync(cancellationToken);
        }

        internal sealed record Transaction(IReadOnlyList<string> Requests, TaskCompletionSource<IReadOnlyList<string?>> End);
    }
}
