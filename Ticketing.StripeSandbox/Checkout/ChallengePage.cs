using Microsoft.AspNetCore.WebUtilities;
using Stripe.Checkout;
using Ticketing.StripeSandbox.PaymentIntents;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>3-D Secure: the bank asks the card holder, who agrees or does not.</summary>
internal static class ChallengePage
{
    public static IResult Show(string id, SandboxStore store) => store.Run(Caller.None, transaction =>
        Challenged(transaction, id) is { } intent
            ? Html.Page("3D Secure 2 test page", $"""
                <p>Your bank asks: do you want to pay {Html.Text(Amounts.Show(intent.Amount, intent.Currency))}?</p>
                <form method="post">
                  <button name="answer" value="complete">Complete</button>
                  <button name="answer" value="fail" class="plain">Fail</button>
                </form>
                """, formLeadsTo: transaction.Find<Session>(intent.PaymentDetails?.OrderReference)?.SuccessUrl ?? ReturnUrl(intent))
            : Html.NotFound());

    public static IResult Answer(string id, IFormCollection form, HttpContext context, SandboxStore store, StripeEndpoint endpoint) =>
        store.Run(new Caller(endpoint.Origin(context.Request)), transaction =>
        {
            if (Challenged(transaction, id) is not { } intent)
                return Html.NotFound();
            var returnUrl = ReturnUrl(intent);
            var method = transaction.Get<PaymentMethod>(intent.PaymentMethodId);
            var refusal = form["answer"] == "complete"
                ? ConfirmPaymentIntent.AskBank(transaction, intent, method)
                : ConfirmPaymentIntent.Refuse(transaction, intent, method, NotAuthenticated);
            var paid = refusal is null;
            return intent.PaymentDetails switch
            {
                null => BackToShop(intent, returnUrl, paid),
                _ when paid => PaymentPage.Complete(transaction, intent),
                { OrderReference: var session } => Html.SeeOther($"/c/pay/{session}"),
            };
        });

    private static PaymentIntent? Challenged(SandboxTransaction store, string id) =>
        store.Find<PaymentIntent>(id) is { Status: "requires_action" } intent ? intent : null;

    private static string? ReturnUrl(PaymentIntent intent) => intent.NextAction.RedirectToUrl?.ReturnUrl;

    private static StripeError NotAuthenticated => StripeFailure.Invalid(402,
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
        "payment_intent_authentication_failure").Error;

    private static IResult BackToShop(PaymentIntent intent, string? returnUrl, bool paid) => returnUrl is null
        ? Html.Page(paid ? "Done" : "Not authenticated", "<p>You can close this page.</p>")
        : Html.SeeOther(QueryHelpers.AddQueryString(returnUrl, new Dictionary<string, string?>
        {
            ["payment_intent"] = intent.Id,
            ["payment_intent_client_secret"] = intent.ClientSecret,
            ["redirect_status"] = paid ? "succeeded" : "failed",
        }));
}
