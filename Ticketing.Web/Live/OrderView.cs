using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Live;

/// <summary>What an open order page shows.</summary>
/// <param name="Id">The order.</param>
/// <param name="Version">The page ignores what is older than what it shows.</param>
/// <param name="State">Which parts of the page to show: <c>reserved</c>, <c>paying</c> (the payment page is open),
/// <c>action</c> (the bank asks the buyer), <c>confirming</c> (paid, the verdict is on its way), <c>paid</c>, <c>checking</c>
/// (the order ended unpaid, and what becomes of the buyer's money is not certain), <c>late</c> (the money came when the tickets
/// were gone, and was let go), <c>expired</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Verdict">The end in a word, <c>Paid</c> or <c>Expired</c> among them; empty while the order is open, and in an
/// event that cannot know it.</param>
/// <param name="ExpiresAt">When the hold ends.</param>
/// <param name="Now">The server's clock when this was said: the browser's may be wrong.</param>
/// <param name="Known">Whether the payment was looked at too; an event of Orders tells only of the order.</param>
/// <param name="Notice">What is wrong with the last card, while another may be tried.</param>
/// <param name="ActionUrl">Where the bank asks the buyer.</param>
internal sealed record OrderView(
    Guid Id, int Version, string State, string Verdict, DateTimeOffset ExpiresAt, DateTimeOffset Now,
    bool Known = false, string? Notice = null, string? ActionUrl = null)
{
    private const string Checking = "checking";

    public bool IsOpen => Verdict.Length == 0;

    /// <summary>Whether the page changes by itself once more is known, so that without a script it has to be asked for again.</summary>
    public bool IsUncertain => State is "confirming" or Checking;

    /// <summary>Whether it is certain that the order came to nothing and cost nothing: only then the buyer may try again.</summary>
    public bool CameToNothing => !IsOpen && State is not ("paid" or Checking);

    /// <summary>An order and what is known of its payment.</summary>
    /// <param name="order">The order.</param>
    /// <param name="payment">Its payment, if there is one and Payments says so.</param>
    /// <param name="certain">Whether Payments says so; otherwise it is away.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="cameBack">Whether the buyer comes from the payment page, having paid there.</param>
    public static OrderView Of(OrderResponse order, PaymentResponse? payment, bool certain, DateTimeOffset now, bool cameBack = false)
    {
        var view = Of(order.Id, order.Version, order.Status, order.Reason, order.ExpiresAt, now) with { Known = true };
        if (order.Status == OrderStatus.Cancelled)
            return Ended(view, order.Reason, payment, certain);
        if (!view.IsOpen)
            return view;
        if (cameBack || payment?.Status is PaymentStatus.Authorized or PaymentStatus.Captured)
            return view with { State = "confirming" };
        if (payment is { Status: PaymentStatus.RequiresAction, Url: { } url })
            return view with { State = "action", ActionUrl = url };
        return payment?.Failure is { } failure ? view with { Notice = Texts.Message(failure) } : view;
    }

    /// <summary>An event of Orders. Of an order that ended unpaid it does not know what becomes of the money.</summary>
    public static OrderView Of(OrderState order, DateTimeOffset now)
    {
        var view = Of(order.Id, order.Version, order.Status, order.Reason, order.ExpiresAt, now);
        return order.Status == OrderStatus.Cancelled ? view with { State = Checking, Verdict = "" } : view;
    }

    /// <summary>
    /// An order that ended unpaid. Money that is still under way may be let go, or complete the order after all if the tickets are
    /// still there. Money that was taken does complete it: then Orders was asked a moment too early.
    /// </summary>
    private static OrderView Ended(OrderView view, string? reason, PaymentResponse? payment, bool certain)
    {
        if (!certain || payment is { Final: not true } or { Status: PaymentStatus.Captured })
            return view with { State = Checking, Verdict = Texts.Shared("We are checking your payment") };
        return payment?.AuthorizedAt is not null && reason == CancelReason.Expired ? view with { State = "late" } : view;
    }

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
