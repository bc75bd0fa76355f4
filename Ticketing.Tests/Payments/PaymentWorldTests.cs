using System.Collections.Immutable;
using Shouldly;
using Ticketing.Payments;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>
/// Every way that a payment can go, with answers lost, news twice and in any order, and money that lapses: what holds in
/// all of them. See <see cref="PaymentWorld"/>.
/// </summary>
public sealed class PaymentWorldTests
{
    private static readonly PaymentWorld Beginning = new()
    {
        Payment = new Payment(Guid.Empty, Guid.Empty, Guid.Empty, 1999, "usd", "Concert", null, 0, -1, []),
        MostAttempts = 2,
    };

    [Fact]
    public void Whatever_happens_no_money_is_taken_without_a_verdict_or_twice_and_all_is_settled_in_the_end()
    {
        var (worlds, wrong) = Explore(Beginning);

        wrong.ShouldBeNull();
        worlds.ShouldBeGreaterThan(4_000, "or else little was tried");
    }

    [Fact]
    public void Control_a_payment_that_does_not_wait_for_its_verdict_is_found()
    {
        var (_, wrong) = Explore(Beginning with { Flaw = CaptureAtOnce });

        wrong.ShouldNotBeNull().ShouldEndWith("is taken without a verdict");

        static Payment CaptureAtOnce(Payment payment) => payment with
        {
            Attempts = payment.Attempts.ConvertAll(attempt => attempt is { State: AttemptState.Authorized, Goal: AttemptGoal.Pay }
                ? attempt with { Goal = AttemptGoal.Capture }
                : attempt),
        };
    }

    /// <summary>How many states there are, and the shortest way to one that is wrong, or to one from which it goes wrong.</summary>
    private static (int Worlds, string? Wrong) Explore(PaymentWorld beginning)
    {
        var seen = new Dictionary<string, ImmutableList<string>> { [beginning.Key] = [] };
        var waiting = new Queue<PaymentWorld>([beginning]);
        while (waiting.TryDequeue(out var world))
        {
            foreach (var (what, after) in world.Next())
            {
                var way = seen[world.Key].Add(what);
                if (!seen.TryAdd(after.Key, way))
                    continue;
                if ((Wrong(after) ?? WrongInTheEnd(after)) is { } wrong)
                    return (seen.Count, $"{string.Join("; ", way)}: {wrong}");
                waiting.Enqueue(after);
            }
        }
        return (seen.Count, null);
    }

    private static string? Wrong(PaymentWorld world)
    {
        var taken = world.Intents.Where(intent => intent.Value.Funds is Funds.Taken).Select(intent => intent.Key).ToList();
        return taken.Count > 1 ? $"{string.Join(" and ", taken)} are both taken"
            : taken.Exists(intent => !world.Allowed.Contains(intent)) ? $"{taken[0]} is taken without a verdict"
            : null;
    }

    /// <summary>What is wrong when people do nothing more, and all services do what they have to.</summary>
    private static string? WrongInTheEnd(PaymentWorld world)
    {
        for (var steps = 0; steps < 50; steps++)
        {
            var changed = world.BySystems().Select(next => next.World).FirstOrDefault(next => next.Key != world.Key);
            if (changed is null)
                return Unsettled(world);
            world = changed;
        }
        return "it never comes to rest";
    }

    private static string? Unsettled(PaymentWorld world)
    {
        if (Wrong(world) is { } wrong)
            return wrong;
        var taken = world.Intents.Where(intent => intent.Value.Funds is Funds.Taken).Select(intent => intent.Key).SingleOrDefault();
        if (world.Order is Fate.Complete != taken is not null)
            return $"the order is {world.Order}, and taken is {taken ?? "nothing"}";
        if (world.Intents.FirstOrDefault(intent => intent.Value.Funds is Funds.Held) is { Key: { } held })
            return $"{held} is held for nobody";
        if (world.Order is not Fate.Open && world.Payment.Attempts.Find(attempt => !attempt.Settled) is { } open)
            return $"attempt {open.Number} is not settled: {open}";
        return null;
    }
}
