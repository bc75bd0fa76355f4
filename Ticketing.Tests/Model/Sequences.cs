using System.Collections.Immutable;

namespace Ticketing.Tests.Model;

/// <summary>Random sequences.</summary>
internal static class Sequences
{
    // Around the ends of hold, grace and second chance, to the second.
    private static readonly int[] Waits = [1, 2, 5, 10, 30, 50, 58, 59, 60, 61, 62, 63, 119, 120, 121, 180];

    /// <summary>Many weak moments: few tickets, few buyers, little order.</summary>
    public static ImmutableList<Operation> Random(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(step => step < 2 ? Offer(random) : Next(random))];

    private static Operation Next(Random random) => random.Next(100) switch
    {
        < 2 => Offer(random),
        < 9 => new Edit(random.Next(3), random.Next(3) > 0 ? random.Next(1, 5) : null, random.Next(2) == 0 ? random.Next(100, 9_999) : null),
        < 11 => new Withdraw(random.Next(3)),
        < 29 => new Reserve(random.Next(2), random.Next(3), random.Next(1, 5)),
        < 34 => new Cancel(random.Next(8), Stranger: random.Next(8) == 0),
        < 40 => new StartPayment(random.Next(8), random.Next(8)),
        < 44 => new Decline(random.Next(8), random.Next(8)),
        < 53 => new Authorize(random.Next(8), random.Next(3), random.Next(8)),
        < 56 => new FailCapture(random.Next(8), random.Next(3), random.Next(8)),
        < 57 => new NoteCapture(random.Next(8), random.Next(8)),
        < 62 => new Wait(Waits[random.Next(Waits.Length)]),
        < 68 => new TellExpired(random.Next(8)),
        < 70 => new Sweep(),
        _ => new Deliver(random.Next(16), Again: random.Next(4) == 0),
    };

    private static Offer Offer(Random random) => new(random.Next(3) == 0 ? 15 : random.Next(1, 5), random.Next(100, 9_999));
}
