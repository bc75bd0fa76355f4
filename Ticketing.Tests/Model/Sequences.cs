using CsCheck;

namespace Ticketing.Tests.Model;

/// <summary>Random sequences, with many weak moments: few tickets, few buyers, little order.</summary>
internal static class Sequences
{
    private static readonly Gen<int> Listing = Gen.Int[0, 2];
    private static readonly Gen<int> Order = Gen.Int[0, 7];
    private static readonly Gen<int> Intent = Gen.Int[0, 2];
    private static readonly Gen<int> Version = Gen.Int[0, 7];
    private static readonly Gen<int> Quantity = Gen.Int[1, 4];
    private static readonly Gen<long> Price = Gen.Long[100, 9_998];

    private static readonly Gen<Offer> Offer =
        Gen.Select(Gen.Frequency<int>((2, Quantity), (1, Gen.Const(15))), Price, (quantity, price) => new Offer(quantity, price));

    // Around the ends of hold, grace and second chance, to the second.
    private static readonly Gen<Wait> Wait = Gen.OneOf(1, 2, 5, 10, 30, 50, 58, 59, 60, 61, 62, 63, 119, 120, 121, 180)
        .Select(seconds => new Wait(seconds));

    private static readonly Gen<Operation> Next = Gen.Frequency<Operation>(
        (3, Offer),
        (7, Gen.Select(Listing, Quantity.Nullable(0.3), Price.Nullable(0.5), (listing, quantity, price) => new Edit(listing, quantity, price))),
        (2, Listing.Select(listing => new Withdraw(listing))),
        (18, Gen.Select(Gen.Int[0, 1], Listing, Quantity, (buyer, listing, quantity) => new Reserve(buyer, listing, quantity))),
        (5, Gen.Select(Order, Gen.Int[0, 7], (order, who) => new Cancel(order, Stranger: who == 7))),
        (6, Gen.Select(Order, Version, (order, version) => new StartPayment(order, version))),
        (4, Gen.Select(Order, Version, (order, version) => new Decline(order, version))),
        (9, Gen.Select(Order, Intent, Version, (order, intent, version) => new Authorize(order, intent, version))),
        (3, Gen.Select(Order, Intent, Version, (order, intent, version) => new FailCapture(order, intent, version))),
        (1, Gen.Select(Order, Version, (order, version) => new NoteCapture(order, version))),
        (5, Wait),
        (6, Order.Select(order => new TellExpired(order))),
        (2, Gen.Const(new Sweep())),
        (29, Gen.Select(Gen.Int[0, 15], Gen.Int[0, 3], (message, times) => new Deliver(message, Again: times == 3))));

    /// <summary>
    /// 100 operations, with which most is reached, and now and then fewer: CsCheck shrinks a sequence that fails by looking for
    /// shorter ones.
    /// </summary>
    public static Gen<Operation[]> Any { get; } = Gen.Select(
        Offer, Next.Array[Gen.Frequency<int>((2, Gen.Const(99)), (1, Gen.Int[1, 99]))], (first, rest) => (Operation[])[first, .. rest]);
}
