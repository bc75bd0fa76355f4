using Microsoft.AspNetCore.WebUtilities;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>3-D Secure: the bank asks the card holder, who agrees or does not.</summary>
internal static class ChallengePage
{
    private static readonly StripeError NotAuthenticated = new("invalid_request_error",
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.")
    {
        Code = "payment_intent_authentication_failure",
    };

    public static IResult Show(string id, Books books) =>
        books.All<PaymentIntent>().Find(intent => intent.Challenge?.Id == id) is { } intent
            ? Html.Page("3D Secure 2 test page", $"""
                <p>Your bank asks: do you want to pay {Html.Text(Amounts.Show(intent.Amount, intent.Currency))}?</p>
                <form method="post">
                  <button name="answer" value="complete">Complete</button>
                  <button name="answer" value="fail" class="plain">Fail</button>
                </form>
                """, formLeadsTo: Shop(books, intent))
            : Html.NotFound();

    public static async Task<IResult> Answer(string id, HttpContext context, Books books, StripeEndpoint endpoint)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return books.Write(new Caller(endpoint.Origin(context.Request)), transaction =>
        {
            if (transaction.All<PaymentIntent>().FirstOrDefault(intent => intent.Challenge?.Id == id) is not { } intent)
                return Html.NotFound();
            var judged = Judge(transaction, intent, agreed: form["answer"] == "complete");
            if (intent.SessionId is null)
                return BackToShop(judged, intent.Challenge!.ReturnUrl);
            return judged.LastError is null ? PaymentPage.Complete(transaction, judged) : Html.SeeOther($"/c/pay/{intent.SessionId}");
        });
    }

    private static string? Shop(Books books, PaymentIntent intent) =>
        intent.SessionId is { } session ? books.Find<CheckoutSession>(session)?.SuccessUrl : intent.Challenge!.ReturnUrl;

    private static PaymentIntent Judge(BooksTransaction books, PaymentIntent intent, bool agreed)
    {
        var method = books.Find<PaymentMethod>(intent.MethodId!)!;
        try
        {
            return agreed ? Bank.Ask(books, intent, method) : throw Bank.Refuse(books, intent, method, NotAuthenticated);
        }
        catch (StripeFailure failure) when (failure.Executed)
        {
            return books.Find<PaymentIntent>(intent.Id)!;
        }
    }

    private static IResult BackToShop(PaymentIntent intent, string? returnUrl) => returnUrl is null
        ? Html.Page(intent.LastError is null ? "Done" : "Not authenticated", "<p>You can close this page.</p>")
        : Html.SeeOther(QueryHelpers.AddQueryString(returnUrl, new Dictionary<string, string?>
        {
            ["payment_intent"] = intent.Id,
            ["payment_intent_client_secret"] = intent.ClientSecret,
            ["redirect_status"] = intent.LastError is null ? "succeeded" : "failed",
        }));
}
