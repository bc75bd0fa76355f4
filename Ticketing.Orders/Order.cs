using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Orders;

/// <summary>An order as the API shows it; read with <see cref="Columns"/>.</summary>
internal sealed record Order(
    Guid Id,
    Guid UserId,
    Guid TicketId,
    int Quantity,
    long Amount,
    string Currency,
    string TicketTitle,
    long TicketPrice,
    int TicketVersion,
    string Status,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    int Version)
{
    public const string Columns =
        """
        id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version, status, reason,
        created_at, expires_at, version
        """;

    public OrderResponse ToResponse() => new(
        Id,
        UserId,
        Status,
        Reason,
        Quantity,
        Money.FromMinorUnits(Amount),
        Currency,
        ExpiresAt,
        CreatedAt,
        Version,
        new OrderedTicket(TicketId, TicketTitle, Money.FromMinorUnits(TicketPrice), TicketVersion));
}
