using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets;

/// <summary>A row of <c>tickets</c>; the API calls it a ticket.</summary>
internal sealed record Listing
{
    /// <summary>Reads a listing <c>t</c> together with the order that holds it.</summary>
    public const string Select =
        """
        SELECT t.id, t.seller_id, t.title, t.price, t.currency, t.quantity, t.held, t.sold, t.venue, t.starts_at,
            t.description, t.created_at, t.version, t.buyers_per_minute, t.max_per_buyer, t.deleted_at IS NOT NULL AS withdrawn,
            CASE WHEN t.quantity = 1 AND t.held = 1 THEN
                (SELECT r.order_id FROM reservations r WHERE r.ticket_id = t.id AND r.state = 'held')
            END AS order_id
        FROM tickets t
        """;

    public required Guid Id { get; init; }

    public required Guid SellerId { get; init; }

    public required string Title { get; init; }

    /// <summary>Of one ticket, in minor units.</summary>
    public required long Price { get; init; }

    public required string Currency { get; init; }

    public required int Quantity { get; init; }

    public required int Held { get; init; }

    public required int Sold { get; init; }

    public string? Venue { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int Version { get; init; }

    /// <summary>Null: it has no waiting room.</summary>
    public int? BuyersPerMinute { get; init; }

    /// <summary>How many tickets one buyer may hold and have bought, together.</summary>
    public int MaxPerBuyer { get; init; } = ListingState.DefaultMaxPerBuyer;

    /// <summary>Whether it was withdrawn: by its seller, or since its seller is gone.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Set only for a single ticket while it is reserved.</summary>
    public Guid? OrderId { get; init; }

    public TicketResponse ToResponse() => new(
        Id,
        Title,
        Money.FromMinorUnits(Price),
        Currency,
        Quantity,
        Math.Max(Quantity - Held - Sold, 0),
        SellerId,
        Version,
        OrderId,
        Venue,
        StartsAt,
        Description,
        CreatedAt,
        BuyersPerMinute,
        MaxPerBuyer,
        Withdrawn ? true : null);
}
