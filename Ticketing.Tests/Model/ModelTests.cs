using CsCheck;
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
    [Fact]
    public async Task The_real_services_do_what_the_model_does()
    {
        await using var shop = await RealShop.OpenAsync(servers);

        // One after the other: they share a clock.
        await Sequences.Any.SampleAsync(sequence => Play.OnBothAsync(shop, sequence), output.WriteLine, iter: 25, threads: 1, print: Steps);
    }

    /// <summary>A comparison of nothing in particular finds nothing. By the model alone, so it takes no time.</summary>
    [Fact]
    public void The_sequences_reach_everything_that_the_model_knows()
    {
        var reached = Sequences.Any.Array[200].Generate(new PCG(1, 1), min: null, out _).SelectMany(Outcomes).ToHashSet();

        string[] expected =
        [
            "Offer 201", "Edit 200", "Edit 400", "Edit 404", "Withdraw 204", "Withdraw 400", "Withdraw 404",
            "Reserve 201", "Reserve 400", "Reserve 404", "Reserve 429", "Cancel 204", "Cancel 400", "Cancel 401",
            "StartPayment OrderPaymentStateChanged", "Decline OrderPaymentStateChanged", "Authorize OrderCompleted", "Authorize already_paid",
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

    public static TheoryData<string, string, string> Guards => new()
    {
        { "orders", "AND status IN ('created', 'awaiting:payment') AND expires_at <= @now", "AND status IN ('created', 'awaiting:payment')" },
        { "orders", "AND (candidate.status IN ('created', 'awaiting:payment') OR EXISTS (SELECT FROM retaken))", "" },
        { "tickets", "WHERE present.version < excluded.version", "" },
        { "orders", "status = 'complete' AND payment_id = @id AND payment_intent_id = @intentId", "status = 'complete' AND payment_id = @id" },
    };

    /// <summary>The controls: with a guard taken out the comparison must find it, and show it in few steps.</summary>
    [Theory]
    [MemberData(nameof(Guards))]
    public async Task Control_a_guard_that_is_missing_is_found_and_shown_in_few_steps(string service, string guard, string without)
    {
        var mutation = new Mutation(service, guard, without);
        await using var shop = await RealShop.OpenAsync(servers, mutation);
        Operation[] shortest = [];

        var found = await Should.ThrowAsync<CsCheckException>(() => Sequences.Any.SampleAsync(
            sequence => Play.OnBothAsync(shop, sequence), iter: 1_000, threads: 1, print: sequence => Steps(shortest = sequence)));

        output.WriteLine($"{found.Message}{found.InnerException?.Message}");
        found.Message.ShouldContain("CsCheck_Seed");
        shortest.Length.ShouldBeLessThan(50);
        mutation.ShouldHaveBeenApplied();
    }

    private static string Steps(Operation[] operations) =>
        string.Concat(operations.Select((operation, index) => $"\n  {index + 1}. {operation}"));
}
