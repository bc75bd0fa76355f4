namespace Ticketing.StripeSandbox.Cards;

/// <summary>
/// The test cards, tokens and payment methods of https://docs.stripe.com/testing. A token is <c>tok_</c> and a payment
/// method <c>pm_card_</c> followed by one of the names.
/// </summary>
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

    private static readonly (TestCard Card, string[] Names)[] All =
    [
        (Good("4242424242424242", "visa"), ["visa"]),
        (Good("4000056655665556", "visa", "debit"), ["visa_debit"]),
        (Good("5555555555554444", "mastercard"), ["mastercard"]),
        (Good("2223003122003222", "mastercard"), []),
        (Good("5200828282828210", "mastercard", "debit"), ["mastercard_debit"]),
        (Good("5105105105105100", "mastercard", "prepaid"), ["mastercard_prepaid"]),
        (Good("378282246310005", "amex"), ["amex"]),
        (Good("371449635398431", "amex"), []),
        (Good("6011111111111117", "discover"), ["discover"]),
        (Good("3056930009020004", "diners"), ["diners"]),
        (Good("3566002020360505", "jcb"), ["jcb"]),
        (Good("6200000000000005", "unionpay"), ["unionpay"]),
        (Bad("4000000000000002", Generic), ["chargeDeclined", "visa_chargeDeclined"]),
        (Bad("4000000000009995", NoFunds), ["chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"]),
        (Bad("4000000000009987", Lost), ["chargeDeclinedLostCard", "visa_chargeDeclinedLostCard"]),
        (Bad("4000000000009979", Stolen), ["chargeDeclinedStolenCard", "visa_chargeDeclinedStolenCard"]),
        (Bad("4000000000000069", Expired), ["chargeDeclinedExpiredCard"]),
        (Bad("4000000000000127", WrongCvc), ["chargeDeclinedIncorrectCvc"]),
        (Bad("4000000000000119", Processing), ["chargeDeclinedProcessingError"]),
        (Bad("4000000000006975", TooOften), ["visa_chargeDeclinedVelocityLimitExceeded"]),
        (Asked("4000002500003155"), ["authenticationRequiredOnSetup"]),
        (Asked("4000002760003184"), ["authenticationRequired"]),
        (Asked("4000000000003220"), ["threeDSecure2Required"]),
        (Asked("4000000000003063"), ["threeDSecureRequired"]),
        (Asked("4000008400001629", Generic), ["threeDSecureRequiredChargeDeclined"]),
        (Asked("4000008260003178", NoFunds), ["authenticationRequiredChargeDeclinedInsufficientFunds"]),
    ];

    private static readonly Dictionary<string, TestCard> ByNumber = All.ToDictionary(entry => entry.Card.Number, entry => entry.Card);

    private static readonly Dictionary<string, TestCard> ByName = All
        .SelectMany(entry => entry.Names, (entry, name) => (entry.Card, name))
        .ToDictionary(entry => entry.name, entry => entry.Card);

    public static TestCard? OfToken(string token) => Named(token, "tok_");

    public static TestCard? OfPaymentMethod(string id) => Named(id, "pm_card_");

    /// <summary>The card of that number (digits only); null when it is none of the test cards.</summary>
    public static TestCard? OfNumber(string number) => ByNumber.GetValueOrDefault(number);

    private static TestCard? Named(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? ByName.GetValueOrDefault(name[prefix.Length..]) : null;

    private static TestCard Good(string number, string brand, string funding = "credit") => new(number, brand, funding, false, null);

    private static TestCard Bad(string number, Decline decline) => new(number, "visa", "credit", false, decline);

    private static TestCard Asked(string number, Decline? decline = null) => new(number, "visa", "credit", true, decline);
}
