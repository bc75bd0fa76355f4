namespace Ticketing.Contracts;

/// <summary>The whole state of a payment, as its owner (Payments) publishes it with every change.</summary>
/// <param name="Id">The payment's id; one per order, the same through all attempts.</param>
/// <param name="OrderId">The order that it pays.</param>
/// <param name="UserId">The buyer.</param>
/// <param name="IntentId">Stripe's payment intent of the attempt; empty while Stripe has not named one.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Status">One of <see cref="PaymentStatus"/>.</param>
/// <param name="Amount">In minor units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Failure">Stripe's words for the last failure, if any.</param>
/// <param name="At">When the change happened, by the clock of Payments.</param>
/// <param name="Version">One more with each change of the payment.</param>
public sealed record PaymentState(
    Guid Id,
    Guid OrderId,
    Guid UserId,
    string IntentId,
    int Attempt,
    string Status,
    long Amount,
    string Currency,
    string? Failure,
    DateTimeOffset At,
    int Version);

/// <summary>The states of a payment, as events and the API spell them.</summary>
public static class PaymentStatus
{
    /// <summary>No attempt has succeeded yet.</summary>
    public const string Pending = "pending";

    /// <summary>The buyer must act, for example in a 3-D Secure challenge.</summary>
    public const string RequiresAction = "requires_action";

    /// <summary>The money is reserved at the buyer's bank and waits for the verdict of Orders.</summary>
    public const string Authorized = "authorized";

    /// <summary>The money is taken.</summary>
    public const string Captured = "captured";

    /// <summary>The reserved money was given back untouched.</summary>
    public const string Released = "released";

    /// <summary>Authorized money could not be captured.</summary>
    public const string Failed = "failed";
}

/// <summary>A buyer started to pay.</summary>
/// <param name="Payment">The payment after the change.</param>
public sealed record PaymentStarted(PaymentState Payment);

/// <summary>The money is reserved. Orders answers with exactly one verdict.</summary>
/// <param name="Payment">The payment after the change, with its intent.</param>
public sealed record PaymentAuthorized(PaymentState Payment);

/// <summary>The money is taken.</summary>
/// <param name="Payment">The payment after the change.</param>
public sealed record PaymentCaptured(PaymentState Payment);

/// <summary>The reserved money was given back.</summary>
/// <param name="Payment">The payment after the change.</param>
public sealed record PaymentReleased(PaymentState Payment);

/// <summary>
/// An attempt was declined (<see cref="PaymentState.Status"/> is <c>pending</c>: another card may be tried),
/// or a capture failed for good (<c>failed</c>).
/// </summary>
/// <param name="Payment">The payment after the change.</param>
public sealed record PaymentFailed(PaymentState Payment);

/// <summary>The verdict of Orders against a payment: release the money.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="PaymentIntentId">The intent whose money is to be released.</param>
/// <param name="Reason">Why, for people: <c>cancelled</c>, <c>sold_out</c>, <c>already_paid</c>, <c>unknown_order</c>.</param>
public sealed record PaymentRefused(Guid OrderId, Guid PaymentId, string PaymentIntentId, string Reason);
