using System.Globalization;
using System.Text.RegularExpressions;
using Stripe.Checkout;
using Ticketing.StripeSandbox.PaymentIntents;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>The hosted payment page: a card is tried until one is taken, then the browser goes to the shop's success page.</summary>
internal static partial class PaymentPage
{
    public static IResult Show(string id, SandboxStore store) => store.Run(Caller.None, transaction => Show(transaction, id, null));

    public static IResult Pay(string id, IFormCollection form, HttpContext context, SandboxStore store, StripeEndpoint endpoint)
    {
        try
        {
            return store.Run(new Caller(endpoint.Origin(context.Request)), transaction =>
            {
                if (transaction.Find<Session>(id) is not { Status: "open" } session)
                    return Show(transaction, id, null);
                var intent = Try(transaction, session, form["card_number"].ToString(), form["expiry"].ToString(), form["cvc"].ToString());
                return intent.NextAction is not null ? Html.SeeOther($"/3ds/{intent.Id}") : Complete(transaction, intent);
            });
        }
        catch (StripeFailure failure)
        {
            return store.Run(Caller.None, transaction => Show(transaction, id, failure.Message));
        }
    }

    /// <summary>The money is there: the session is over and the browser goes back to the shop.</summary>
    public static IResult Complete(SandboxTransaction store, PaymentIntent intent) => Html.SeeOther(SuccessUrl(
        CheckoutSessions.Close(store, store.Get<Session>(intent.PaymentDetails.OrderReference), "complete")));

    private static PaymentIntent Try(SandboxTransaction store, Session session, string number, string expiry, string cvc)
    {
        if (Expiry().Match(expiry) is not { Success: true } date)
            throw StripeFailure.Card("Your card's expiration date is incomplete.");
        if (cvc.Length is not (3 or 4) || !cvc.All(char.IsAsciiDigit))
            throw StripeFailure.Card("Your card's security code is incomplete.");
        var method = PaymentMethods.ByNumber(store, number, Part(date, 1), Part(date, 2));
        return ConfirmPaymentIntent.Try(store, IntentOf(store, session), method, null);
    }

    private static int Part(Match date, int group) => int.Parse(date.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>A session gets its intent with the first card that is tried, as at Stripe.</summary>
    private static PaymentIntent IntentOf(SandboxTransaction store, Session session)
    {
        if (store.Find<PaymentIntent>(session.PaymentIntentId) is { } existing)
            return existing;
        var intent = CreatePaymentIntent.New(store, session.PaymentIntent);
        session.PaymentIntent = null;
        session.PaymentIntentId = intent.Id;
        store.Put(session);
        return intent;
    }

    private static string SuccessUrl(Session session) =>
        session.SuccessUrl.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal);

    private static IResult Show(SandboxTransaction store, string id, string? problem)
    {
        if (store.Find<Session>(id) is not { } session)
            return Html.NotFound();
        problem ??= store.Find<PaymentIntent>(session.PaymentIntentId)?.LastPaymentError?.Message;
        var back = session.CancelUrl is { } url ? $"<p><a href=\"{Html.Text(url)}\">Cancel and go back</a></p>" : "";
        return session.Status switch
        {
            "complete" => Html.Page("You have already paid", $"""
                <p>Thank you. <a href="{Html.Text(SuccessUrl(session))}">Back to the shop</a></p>
                """),
            "expired" => Html.Page("This page has expired", $"""
                <p>No money was taken.</p>{back}
                """),
            _ => Html.Page($"Pay {Html.Text(Amounts.Show(session.AmountTotal ?? 0, session.Currency))}", $"""
                <ul>{string.Concat(session.LineItems.Select(item => $"<li>{Html.Text(item.Description)} × {item.Quantity}</li>"))}</ul>
                {(problem is null ? "" : $"<p role=\"alert\">{Html.Text(problem)}</p>")}
                <form method="post">
                  <label>Card number <input name="card_number" inputmode="numeric" autocomplete="cc-number" maxlength="23" placeholder="4242 4242 4242 4242" required autofocus></label>
                  <label>Expiry <input name="expiry" autocomplete="cc-exp" maxlength="9" placeholder="MM / YY" required></label>
                  <label>CVC <input name="cvc" inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="123" required></label>
                  <button>Pay</button>
                </form>
                {back}
                """, formLeadsTo: session.SuccessUrl),
        };
    }

    [GeneratedRegex(@"^\s*([0-9]{1,2})\s*/\s*([0-9]{2}|2[0-9]{3})\s*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expiry();
}
