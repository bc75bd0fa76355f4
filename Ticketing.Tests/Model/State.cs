using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Tests.Model;

/// <summary>A listing as Tickets has it.</summary>
internal sealed record Listing(int Quantity, long Price, int Version, bool Deleted, int Held, int Sold);

/// <summary>A listing as Orders has it.</summary>
internal sealed record Replica(int Quantity, int Available, long Price, int Version, bool Deleted);

/// <summary>An order as Orders has it. Times are seconds since the beginning; Unpaid is when its hold ended for nothing.</summary>
internal sealed record Order(
    int Buyer, int Listing, int Quantity, long Amount, int ListingVersion, string Status, string? Reason,
    int HoldEnds, int Expires, int PaymentVersion, int? Intent, int? Unpaid, int Version)
{
    public bool Open => Status is OrderStatus.Created or OrderStatus.AwaitingPayment;
}

/// <summary>An order as Tickets has it.</summary>
internal sealed record Reservation(string State, int Version);

/// <summary>An event, as far as it says anything.</summary>
internal abstract record Message(string Type);

/// <summary>The state of a listing.</summary>
internal sealed record ListingNews(string Type, int Listing, int Quantity, long Price, int Version) : Message(Type);

/// <summary>The least quantity that a listing must have.</summary>
internal sealed record Correction(int Listing, int Quantity, int Version) : Message(nameof(ListingCorrected));

/// <summary>The state of an order.</summary>
internal sealed record OrderNews(
    string Type, int Number, int Listing, int Quantity, long Amount, string Status, string? Reason, int Expires, int? Intent,
    int Version) : Message(Type);

/// <summary>The verdict against an intent.</summary>
internal sealed record Refusal(int Order, int Intent, string Reason) : Message(nameof(PaymentRefused));

/// <summary>Everything that there is to know: both services and the messages between them.</summary>
internal sealed record State
{
    public const int HoldSeconds = 60;
    public const int GraceSeconds = 120;
    public const int OverdueSeconds = 2;
    public const int SecondChanceSeconds = 10;
    public const int MaxHeldPerUser = 10;
    public const int MaxPerBuyer = 8;
    public const int PauseSeconds = 60;

    /// <summary>Seconds since the beginning.</summary>
    public int Now { get; init; }

    /// <summary>By number.</summary>
    public ImmutableList<Listing> Listings { get; init; } = [];

    /// <summary>By the number of the listing.</summary>
    public ImmutableSortedDictionary<int, Replica> Replicas { get; init; } = ImmutableSortedDictionary<int, Replica>.Empty;

    /// <summary>By number.</summary>
    public ImmutableList<Order> Orders { get; init; } = [];

    /// <summary>By the number of the order.</summary>
    public ImmutableSortedDictionary<int, Reservation> Reservations { get; init; } = ImmutableSortedDictionary<int, Reservation>.Empty;

    /// <summary>The intents that have had their verdict.</summary>
    public ImmutableSortedSet<(int Order, int Intent)> Judged { get; init; } = [];

    /// <summary>The messages between Tickets and Orders that are to be delivered.</summary>
    public ImmutableList<Message> UnderWay { get; init; } = [];

    public Listing? ListingOf(int pick) => Listings.IsEmpty ? null : Listings[ListingNumber(pick)];

    public Order? OrderOf(int pick) => Orders.IsEmpty ? null : Orders[OrderNumber(pick)];

    public int ListingNumber(int pick) => FromTheNewest(pick, Listings.Count);

    public int OrderNumber(int pick) => FromTheNewest(pick, Orders.Count);

    public int MessageNumber(int pick) => FromTheNewest(pick, UnderWay.Count);

    /// <summary>What can be compared, a line for each thing.</summary>
    public IEnumerable<string> Lines() =>
    [
        .. Listings.Select((listing, number) => $"{number}: {listing}"),
        .. Replicas.Select(replica => $"{replica.Key}: {replica.Value}"),
        .. Orders.Select((order, number) => $"{number}: {order}"),
        .. Reservations.Select(reservation => $"{reservation.Key}: {reservation.Value}"),
        .. Judged.Select(judged => $"judged: {judged}"),
    ];

    // So that leaving out what was before does not change what is meant.
    private static int FromTheNewest(int pick, int count) => count - 1 - (pick % count);
}

/// <summary>What an operation led to.</summary>
/// <param name="State">Everything afterwards.</param>
/// <param name="Answer">The HTTP status, where there was a request.</param>
/// <param name="Told">The events that were written for it.</param>
internal sealed record Outcome(State State, int? Answer = null, ImmutableList<Message>? Told = null);
