using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Cards;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary>The card that a call names: by token, by number, by a test name or by the id of one seen before.</summary>
internal static class PaymentMethods
{
    /// <summary>The one named by <c>payment_method</c> or <c>payment_method_data</c>; null when there is neither.</summary>
    public static PaymentMethod? Named(BooksTransaction books, StripeForm form)
    {
        if (form.Text("payment_method") is { } id)
            return ById(books, id);
        if (!form.Has("payment_method_data"))
            return null;
        if (form.Required("payment_method_data[type]") is not "card")
            throw StripeFailure.BadParameter("Invalid payment_method_data[type]: must be card", "payment_method_data[type]");
        if (form.Text("payment_method_data[card][token]") is { } token)
            return ByToken(books, token);
        return ByNumber(books, form.Required("payment_method_data[card][number]"),
            (int)(form.Integer("payment_method_data[card][exp_month]") ?? throw StripeFailure.Missing("payment_method_data[card][exp_month]")),
            (int)(form.Integer("payment_method_data[card][exp_year]") ?? throw StripeFailure.Missing("payment_method_data[card][exp_year]")));
    }

    public static PaymentMethod ByNumber(BooksTransaction books, string number, int month, int year)
    {
        var digits = number.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length is < 12 or > 19 || !digits.All(char.IsAsciiDigit) || !PassesLuhn(digits))
            throw Unusable("incorrect_number", "Your card number is incorrect.", "number");
        var now = DateTimeOffset.FromUnixTimeSeconds(books.Now);
        if (month is < 1 or > 12)
            throw Unusable("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
        var fullYear = year < 100 ? 2000 + year : year;
        if (fullYear > now.Year + 50 || fullYear * 12 + month < now.Year * 12 + now.Month)
            throw Unusable("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
        var card = TestCards.OfNumber(digits) ?? throw new StripeFailure(402, new("card_error",
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.")
        {
            Code = "card_declined",
            DeclineCode = "test_mode_live_card",
        });
        return books.Put(new PaymentMethod(StripeJson.NewId("pm"), books.Now, card, month, fullYear));
    }

    private static PaymentMethod ById(BooksTransaction books, string id) =>
        TestCards.OfPaymentMethod(id) is { } card ? New(books, card)
        : books.Find<PaymentMethod>(id) ?? throw StripeFailure.NoSuch("PaymentMethod", id, "payment_method");

    private static PaymentMethod ByToken(BooksTransaction books, string token) =>
        TestCards.OfToken(token) is { } card ? New(books, card)
        : throw new StripeFailure(400, new("invalid_request_error", $"No such token: '{token}'")
        {
            Code = "resource_missing",
            Param = "payment_method_data[card][token]",
        });

    private static PaymentMethod New(BooksTransaction books, TestCard card) => books.Put(new PaymentMethod(
        StripeJson.NewId("pm"), books.Now, card, 12, DateTimeOffset.FromUnixTimeSeconds(books.Now).Year + 1));

    private static StripeFailure Unusable(string code, string message, string parameter) =>
        new(402, new("card_error", message) { Code = code, Param = parameter });

    /// <summary>The check digit of ISO/IEC 7812-1.</summary>
    private static bool PassesLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}
