namespace Ticketing.StripeSandbox.Cards;

/// <summary>One of Stripe's documented test cards and what happens to it.</summary>
/// <param name="Number">Digits only.</param>
/// <param name="Names">Of its token, after <c>tok_</c>, and of its payment method, after <c>pm_card_</c>.</param>
/// <param name="Challenged">Whether the card holder is asked (3-D Secure) before the bank.</param>
/// <param name="Decline">What the bank answers; null when it agrees.</param>
internal sealed record TestCard(
    string Number, string Brand, string[] Names, string Funding = "credit", bool Challenged = false, Decline? Decline = null);

/// <summary>A bank's refusal in Stripe's words.</summary>
internal sealed record Decline(string Code, string? DeclineCode, string Message);

/// <summary>The test cards, tokens and payment methods of https://docs.stripe.com/testing.</summary>
internal static class TestCards
{
    private static readonly Decline Generic = new("card_declined", "generic_decline", "Your card was declined.");
    private static readonly Decline NoFunds = new("card_declined", "insufficient_funds", "Your card has insufficient funds.");
    private static readonly Decline Lost = new("card_declined", "lost_card", "Your card was declined.");
    private static readonly Decline Stolen = new("card_declined", "stolen_card", "Your card was declined.");
    private static readonly Decline TooOften = new("card_declined", "card_velocity_exceeded",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.");
    private static readonly Decline Expired = new("expired_card", null, "Your card has expired.");
    private static readonly Decline WrongCvc = new("incorrect_cvc", null, "Your card's security code is incorrect.");
    private static readonly Decline Processing = new("processing_error", null,
        "An error occurred while processing your card. Try again in a little bit.");

    private static readonly TestCard[] All =
    [
        new("4242424242424242", "visa", ["visa"]),
        new("4000056655665556", "visa", ["visa_debit"], "debit"),
        new("5555555555554444", "mastercard", ["mastercard"]),
        new("2223003122003222", "mastercard", []),
        new("5200828282828210", "mastercard", ["mastercard_debit"], "debit"),
        new("5105105105105100", "mastercard", ["mastercard_prepaid"], "prepaid"),
        new("378282246310005", "amex", ["amex"]),
        new("371449635398431", "amex", []),
        new("6011111111111117", "discover", ["discover"]),
        new("3056930009020004", "diners", ["diners"]),
        new("3566002020360505", "jcb", ["jcb"]),
        new("6200000000000005", "unionpay", ["unionpay"]),
        new("4000000000000002", "visa", ["chargeDeclined", "visa_chargeDeclined"], Decline: Generic),
        new("4000000000009995", "visa", ["chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"], Decline: NoFunds),
        new("4000000000009987", "visa", ["chargeDeclinedLostCard", "visa_chargeDeclinedLostCard"], Decline: Lost),
        new("4000000000009979", "visa", ["chargeDeclinedStolenCard", "visa_chargeDeclinedStolenCard"], Decline: Stolen),
        new("4000000000000069", "visa", ["chargeDeclinedExpiredCard"], Decline: Expired),
        new("4000000000000127", "visa", ["chargeDeclinedIncorrectCvc"], Decline: WrongCvc),
        new("4000000000000119", "visa", ["chargeDeclinedProcessingError"], Decline: Processing),
        new("4000000000006975", "visa", ["visa_chargeDeclinedVelocityLimitExceeded"], Decline: TooOften),
        new("4000002500003155", "visa", ["authenticationRequiredOnSetup"], Challenged: true),
        new("4000002760003184", "visa", ["authenticationRequired"], Challenged: true),
        new("4000000000003220", "visa", ["threeDSecure2Required"], Challenged: true),
        new("4000000000003063", "visa", ["threeDSecureRequired"], Challenged: true),
        new("4000008400001629", "visa", ["threeDSecureRequiredChargeDeclined"], Challenged: true, Decline: Generic),
        new("4000008260003178", "visa", ["authenticationRequiredChargeDeclinedInsufficientFunds"], Challenged: true, Decline: NoFunds),
    ];

    private static readonly Dictionary<string, TestCard> ByNumber = All.ToDictionary(card => card.Number);

    private static readonly Dictionary<string, TestCard> ByName =
        All.SelectMany(card => card.Names, KeyValuePair.Create).ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The card of a token or test payment method; null when it is none.</summary>
    public static TestCard? Named(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? ByName.GetValueOrDefault(name[prefix.Length..]) : null;

    /// <summary>The card of that number (digits only); null when it is none of the test cards.</summary>
    public static TestCard? OfNumber(string number) => ByNumber.GetValueOrDefault(number);

    public static TestCard Of(PaymentMethod method) => ByNumber[method.Card.Fingerprint];
}
