using Ticketing.StripeSandbox.Cards;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary>The card that a call names: by token, by number, by a test name or by the id of one seen before.</summary>
internal static class PaymentMethods
{
    private const string Token = "payment_method_data[card][token]";

    /// <summary>The one named by <c>payment_method</c> or <c>payment_method_data</c>; null when there is neither.</summary>
    public static PaymentMethod? Named(SandboxTransaction store, StripeForm form)
    {
        if (form.Text("payment_method") is { } id)
            return TestCards.Named(id, "pm_card_") is { } known ? New(store, known, 12, store.Now.Year + 1) : store.Get<PaymentMethod>(id, "payment_method");
        if (!form.Has("payment_method_data"))
            return null;
        if (form.Required("payment_method_data[type]") is not "card")
            throw StripeFailure.BadParameter("Invalid payment_method_data[type]: must be card", "payment_method_data[type]");
        var token = form.Required(Token);
        return TestCards.Named(token, "tok_") is { } card ? New(store, card, 12, store.Now.Year + 1)
            : throw StripeFailure.Invalid(400, $"No such token: '{token}'", "resource_missing", Token);
    }

    /// <summary>What is typed into the hosted page.</summary>
    public static PaymentMethod ByNumber(SandboxTransaction store, string number, long month, long year)
    {
        var digits = number.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length is < 12 or > 19 || !digits.All(char.IsAsciiDigit) || !PassesLuhn(digits))
            throw StripeFailure.Card("Your card number is incorrect.", "incorrect_number", parameter: "number");
        if (month is < 1 or > 12)
            throw StripeFailure.Card("Your card's expiration month is invalid.", "invalid_expiry_month", parameter: "exp_month");
        var fullYear = year < 100 ? 2000 + year : year;
        if (fullYear > store.Now.Year + 50 || fullYear * 12 + month < store.Now.Year * 12 + store.Now.Month)
            throw StripeFailure.Card("Your card's expiration year is invalid.", "invalid_expiry_year", parameter: "exp_year");
        var card = TestCards.OfNumber(digits) ?? throw StripeFailure.Card(
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
            "card_declined", "test_mode_live_card");
        return New(store, card, month, fullYear);
    }

    private static PaymentMethod New(SandboxTransaction store, TestCard card, long month, long year) => store.Put(new PaymentMethod
    {
        Id = StripeId.New<PaymentMethod>(),
        Created = store.Now,
        Type = "card",
        BillingDetails = new(),
        Card = new() { Brand = card.Brand, Funding = card.Funding, Last4 = card.Number[^4..], Fingerprint = card.Number, ExpMonth = month, ExpYear = year },
        Metadata = [],
    });

    /// <summary>The check digit of ISO/IEC 7812-1.</summary>
    private static bool PassesLuhn(string digits) => digits.Reverse()
        .Select((digit, i) => i % 2 == 0 ? digit - '0' : digit > '4' ? 2 * (digit - '0') - 9 : 2 * (digit - '0')).Sum() % 10 == 0;
}
