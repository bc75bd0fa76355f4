using System.Text.Json.Serialization;
using Ticketing.StripeSandbox.Cards;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Bookkeeping;

/// <summary>One thing in the books, under an id that is unique among all kinds. Times are Unix seconds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PaymentIntent), "payment_intent")]
[JsonDerivedType(typeof(PaymentMethod), "payment_method")]
[JsonDerivedType(typeof(Charge), "charge")]
[JsonDerivedType(typeof(Refund), "refund")]
[JsonDerivedType(typeof(CheckoutSession), "session")]
[JsonDerivedType(typeof(WebhookEndpoint), "endpoint")]
[JsonDerivedType(typeof(StripeEvent), "event")]
[JsonDerivedType(typeof(Delivery), "delivery")]
[JsonDerivedType(typeof(KeptAnswer), "answer")]
internal abstract record Entry(string Id, long Created);

internal sealed record PaymentIntent(string Id, long Created, long Amount, string Currency, string CaptureMethod)
    : Entry(Id, Created)
{
    public required string ClientSecret { get; init; }
    public required string Status { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public string? Description { get; init; }
    public string? ReceiptEmail { get; init; }
    public bool AutomaticMethods { get; init; }
    public long AmountCapturable { get; init; }
    public long AmountReceived { get; init; }
    public string? MethodId { get; init; }
    public string? ChargeId { get; init; }
    public string? SessionId { get; init; }
    public Challenge? Challenge { get; init; }
    public StripeError? LastError { get; init; }
    public long? AuthorizedUntil { get; init; }
    public long? CanceledAt { get; init; }
    public string? CancellationReason { get; init; }

    /// <summary>Whether nothing can happen to it any more, except a refund.</summary>
    public bool Ended => Status is IntentStatus.Succeeded or IntentStatus.Canceled;
}

/// <summary>A 3-D Secure question put to the card holder.</summary>
/// <param name="Id">Names its page.</param>
/// <param name="ReturnUrl">Where the browser goes afterwards; none when the caller gave none.</param>
internal sealed record Challenge(string Id, string? ReturnUrl);

internal sealed record PaymentMethod(string Id, long Created, TestCard Card, int ExpiryMonth, int ExpiryYear)
    : Entry(Id, Created);

internal sealed record Charge(string Id, long Created, string IntentId, string MethodId, long Amount, string Currency)
    : Entry(Id, Created)
{
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public long AmountCaptured { get; init; }
    public long AmountRefunded { get; init; }
    public bool Captured { get; init; }
    public bool Voided { get; init; }
    public StripeError? Failure { get; init; }
}

internal sealed record Refund(string Id, long Created, string ChargeId, string IntentId, long Amount, string Currency)
    : Entry(Id, Created)
{
    public string? Reason { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

internal sealed record CheckoutSession(string Id, long Created, long Amount, string Currency, long ExpiresAt)
    : Entry(Id, Created)
{
    public required string Status { get; init; }
    public required string Url { get; init; }
    public required string SuccessUrl { get; init; }
    public string? CancelUrl { get; init; }
    public string? CustomerEmail { get; init; }
    public string? ClientReferenceId { get; init; }
    public required string CaptureMethod { get; init; }
    public required IReadOnlyList<LineItem> Items { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public required IReadOnlyDictionary<string, string> IntentMetadata { get; init; }
    public string? IntentDescription { get; init; }
    public string? IntentId { get; init; }
}

internal sealed record LineItem(string Id, string Name, long UnitAmount, int Quantity);

internal sealed record WebhookEndpoint(string Id, long Created, string Url, string Secret, IReadOnlyList<string> Events)
    : Entry(Id, Created)
{
    public string? Description { get; init; }
}

/// <param name="Object">The JSON of the thing, as it was at that moment.</param>
internal sealed record StripeEvent(string Id, long Created, string Type, string Object, string? RequestId, string? Key)
    : Entry(Id, Created);

/// <summary>An event that an endpoint has not yet taken. A delivered one is removed.</summary>
/// <param name="NextAttempt">Unix milliseconds.</param>
internal sealed record Delivery(string Id, long Created, string EventId, string EndpointId, int Attempts, long NextAttempt)
    : Entry(Id, Created);

/// <summary>What was answered under an idempotency key.</summary>
/// <param name="Fingerprint">Of the parameters that it was first used with.</param>
internal sealed record KeptAnswer(string Id, long Created, string Path, string Fingerprint, int Status, string Body)
    : Entry(Id, Created)
{
    public static string IdOf(string key) => "key:" + key;
}
