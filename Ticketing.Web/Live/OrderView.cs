using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Live;

/// <summary>What an open order page shows.</summary>
/// <param name="Id">The order.</param>
/// <param name="Version">The page ignores what is older than what it shows.</param>
/// <param name="State">Which parts of the page to show: <c>reserved</c>, <c>paying</c>, <c>paid</c>, <c>expired</c>,
/// <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Verdict">The end in a word, <c>Paid</c> or <c>Expired</c> among them; empty while the order is open.</param>
/// <param name="ExpiresAt">When the hold ends.</param>
/// <param name="Now">The server's clock when this was said: the browser's may be wrong.</param>
internal sealed record OrderView(Guid Id, int Version, string State, string Verdict, DateTimeOffset ExpiresAt, DateTimeOffset Now)
{
    public bool IsOpen => Verdict.Length == 0;

    public static OrderView Of(OrderResponse order, DateTimeOffset now) =>
        Of(order.Id, order.Version, order.Status, order.Reason, order.ExpiresAt, now);

    public static OrderView Of(OrderState order, DateTimeOffset now) =>
        Of(order.Id, order.Version, order.Status, order.Reason, order.ExpiresAt, now);

    private static OrderView Of(Guid id, int version, string status, string? reason, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var state = (status, reason) switch
        {
            (OrderStatus.Created, _) => "reserved",
            (OrderStatus.AwaitingPayment, _) => "paying",
            (OrderStatus.Complete, _) => "paid",
            (_, CancelReason.Expired) => "expired",
            (_, CancelReason.PaymentFailed) => "failed",
            _ => "cancelled",
        };
        return new(id, version, state, state is "reserved" or "paying" ? "" : Words.Status(status, reason), expiresAt, now);
    }
}
