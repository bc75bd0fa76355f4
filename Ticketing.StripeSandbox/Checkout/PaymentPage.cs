using System.Globalization;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>The hosted payment page: a card is tried until one is taken, then the browser goes to the shop's success page.</summary>
internal static class PaymentPage
{
    public static IResult Show(string id, Books books) =>
        books.Find<CheckoutSession>(id) is { } session ? Page(session, LastProblem(books, session)) : Html.NotFound();

    public static async Task<IResult> Pay(string id, HttpContext context, Books books, StripeEndpoint endpoint)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        try
        {
            return books.Write(new Caller(endpoint.Origin(context.Request)), transaction =>
            {
                if (transaction.Find<CheckoutSession>(id) is not { } session)
                    return Html.NotFound();
                if (session.Status != SessionStatus.Open)
                    return Page(session, null);
                var intent = Try(transaction, session, form["card_number"].ToString(), form["expiry"].ToString(), form["cvc"].ToString());
                return intent.Challenge is { } challenge ? Html.SeeOther($"/3ds/{challenge.Id}") : Complete(transaction, intent);
            });
        }
        catch (StripeFailure failure)
        {
            return books.Find<CheckoutSession>(id) is { } session ? Page(session, failure.Message) : Html.NotFound();
        }
    }

    /// <summary>The money is there: the session is over and the browser goes back to the shop.</summary>
    public static IResult Complete(BooksTransaction books, PaymentIntent intent)
    {
        var session = books.Put(books.Find<CheckoutSession>(intent.SessionId!)! with { Status = SessionStatus.Complete });
        books.Publish("checkout.session.completed", SessionView.Of(session, intent));
        return Html.SeeOther(SuccessUrl(session));
    }

    private static PaymentIntent Try(BooksTransaction books, CheckoutSession session, string number, string expiry, string cvc)
    {
        var parts = expiry.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is > 99 and < 2000)
        {
            throw new StripeFailure(402, new("card_error", "Your card's expiration date is incomplete."));
        }

        if (cvc.Length is not (3 or 4) || !cvc.All(char.IsAsciiDigit))
            throw new StripeFailure(402, new("card_error", "Your card's security code is incomplete."));
        var method = PaymentMethods.ByNumber(books, number, month, year);
        return ConfirmPaymentIntent.Try(books, IntentOf(books, session), method, null);
    }

    /// <summary>A session gets its intent with the first card that is tried, as at Stripe.</summary>
    private static PaymentIntent IntentOf(BooksTransaction books, CheckoutSession session)
    {
        if (session.IntentId is { } id)
            return books.Find<PaymentIntent>(id)!;
        var intent = CreatePaymentIntent.New(books, session.Amount, session.Currency, session.CaptureMethod, session.IntentMetadata,
            draft => draft with { Description = session.IntentDescription, SessionId = session.Id, ReceiptEmail = session.CustomerEmail });
        books.Put(session with { IntentId = intent.Id });
        return intent;
    }

    private static string? LastProblem(Books books, CheckoutSession session) =>
        session.IntentId is { } id ? books.Find<PaymentIntent>(id)?.LastError?.Message : null;

    private static string SuccessUrl(CheckoutSession session) =>
        session.SuccessUrl.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal);

    private static IResult Page(CheckoutSession session, string? problem) => session.Status switch
    {
        SessionStatus.Complete => Html.Page("You have already paid", $"""
            <p>Thank you. <a href="{Html.Text(SuccessUrl(session))}">Back to the shop</a></p>
            """),
        SessionStatus.Expired => Html.Page("This page has expired", $"""
            <p>No money was taken.</p>{BackTo(session)}
            """),
        _ => Html.Page($"Pay {Html.Text(Amounts.Show(session.Amount, session.Currency))}", $"""
            <ul>{string.Concat(session.Items.Select(item => $"<li>{Html.Text(item.Name)} × {item.Quantity}</li>"))}</ul>
            {(problem is null ? "" : $"<p role=\"alert\">{Html.Text(problem)}</p>")}
            <form method="post">
              <label>Card number <input name="card_number" inputmode="numeric" autocomplete="cc-number" maxlength="23" placeholder="4242 4242 4242 4242" required autofocus></label>
              <label>Expiry <input name="expiry" autocomplete="cc-exp" maxlength="9" placeholder="MM / YY" required></label>
              <label>CVC <input name="cvc" inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="123" required></label>
              <button>Pay</button>
            </form>
            {BackTo(session)}
            """, formLeadsTo: session.SuccessUrl),
    };

    private static string BackTo(CheckoutSession session) =>
        session.CancelUrl is { } url ? $"<p><a href=\"{Html.Text(url)}\">Cancel and go back</a></p>" : "";
}
