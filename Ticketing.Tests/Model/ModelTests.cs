using System.Collections.Immutable;
using System.Globalization;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Model;

/// <summary>
/// Random sequences of everything that can happen to listings and orders, played on a small pure model and on the real
/// services. How to run it for longer, or again with a seed that failed: README.md.
/// </summary>
public sealed class ModelTests(Servers servers, ITestOutputHelper output)
{
    private const int Length = 100;
    private const int FixedSeed = 20_260_101;

    [Fact]
    public async Task The_real_services_do_what_the_model_does()
    {
        var operations = Setting("MODEL_OPERATIONS") ?? 2_000;
        var seed = Setting("MODEL_SEED");
        await using var shop = await RealShop.OpenAsync(servers);

        // Half of them always the same, half of them never before.
        int[] seeds = seed is { } one ? [one] : [FixedSeed, Random.Shared.Next()];
        foreach (var start in seeds)
        {
            output.WriteLine($"{operations / seeds.Length} operations from MODEL_SEED={start}");
            (await FailureAsync(shop, start, operations / seeds.Length)).ShouldBeNull();
        }
    }

    /// <summary>A comparison of nothing in particular finds nothing. By the model alone, so it takes no time.</summary>
    [Fact]
    public void The_sequences_reach_everything_that_the_model_knows()
    {
        var random = new Random(FixedSeed);
        var reached = Enumerable.Range(0, 1_000 / Length).SelectMany(_ => Outcomes(Sequences.Random(random, Length))).ToHashSet();

        string[] expected =
        [
            "Offer 201", "Edit 200", "Edit 400", "Edit 404", "Withdraw 204", "Withdraw 400", "Withdraw 404",
            "Reserve 201", "Reserve 400", "Reserve 404", "Reserve 429", "Cancel 204", "Cancel 400", "Cancel 401",
            "StartPayment OrderAwaitingPayment", "Decline OrderAwaitingPayment", "Authorize OrderCompleted", "Authorize already_paid",
            "Authorize sold_out", "Authorize cancelled", "FailCapture OrderCancelled", "TellExpired OrderCancelled",
            "Sweep OrderCancelled", "Deliver ListingCorrected", "Deliver TicketUpdated",
        ];
        expected.Except(reached).ShouldBeEmpty();
    }

    private static IEnumerable<string> Outcomes(IEnumerable<Operation> operations)
    {
        var state = new State();
        foreach (var operation in operations)
        {
            var outcome = Rules.Apply(state, operation);
            state = outcome.State;
            if (outcome.Answer is { } answer)
                yield return $"{operation.GetType().Name} {answer}";
            foreach (var told in outcome.Told ?? [])
                yield return $"{operation.GetType().Name} {(told is Refusal refusal ? refusal.Reason : told.Type)}";
        }
    }

    public static TheoryData<string, string, string, int> Guards => new()
    {
        { "orders", "AND status IN ('created', 'awaiting:payment') AND expires_at <= @now", "AND status IN ('created', 'awaiting:payment')", 4 },
        { "orders", "AND (candidate.status IN ('created', 'awaiting:payment') OR EXISTS (SELECT FROM retaken))", "", 5 },
        { "tickets", "WHERE present.version < excluded.version", "", 7 },
        { "orders", "status = 'complete' AND payment_id = @id AND payment_intent_id = @intentId", "status = 'complete' AND payment_id = @id", 6 },
    };

    /// <summary>The controls: with a guard taken out the comparison must find it, and show it in few steps.</summary>
    [Theory]
    [MemberData(nameof(Guards))]
    public async Task Control_a_guard_that_is_missing_is_found_and_shown_in_few_steps(string service, string guard, string without, int steps)
    {
        var mutation = new Mutation(service, guard, without);
        await using var shop = await RealShop.OpenAsync(servers, mutation);

        var failure = (await FailureAsync(shop, FixedSeed, 20_000)).ShouldNotBeNull("the guard is not missed");

        output.WriteLine(failure.ToString());
        failure.Operations.Count.ShouldBeLessThanOrEqualTo(steps, failure.ToString());
        mutation.ShouldHaveBeenApplied();
    }

    /// <summary>The first sequence that the model and the services disagree on, made short; null if they agree on all.</summary>
    private static async Task<Failure?> FailureAsync(RealShop shop, int seed, int operations)
    {
        var random = new Random(seed);
        for (var played = 0; played < operations; played += Length)
        {
            var sequence = Sequences.Random(random, Length);
            if (await Play.DifferenceAsync(shop, sequence) is null)
                continue;
            var shrinking = new Shrinking(async candidate => await Play.DifferenceAsync(shop, candidate) is not null);
            var shortest = await shrinking.ShrinkAsync(sequence);
            return new Failure(seed, shortest, await Play.DifferenceAsync(shop, shortest));
        }
        return null;
    }

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? int.Parse(value, CultureInfo.InvariantCulture)
        : null;

    private sealed record Failure(int Seed, ImmutableList<Operation> Operations, string? Difference)
    {
        public override string ToString() =>
            $"""
            MODEL_SEED={Seed} fails in {Operations.Count} steps:
            {string.Join('\n', Operations.Select((operation, index) => $"  {index + 1}. {operation}"))}
            {Difference ?? "when played again it does not fail"}
            """;
    }
}
