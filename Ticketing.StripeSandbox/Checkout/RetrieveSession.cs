using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary><c>GET /v1/checkout/sessions/{id}</c> (<c>expand[]=payment_intent</c>) and <c>GET /v1/checkout/sessions</c>.</summary>
internal static class RetrieveSession
{
    public static object Handle(StripeCall call)
    {
        call.Form.Only();
        return Expanded(call, Find(call));
    }

    /// <summary>The session with what <c>expand[]</c> asks for.</summary>
    public static object Expanded(StripeCall call, CheckoutSession session)
    {
        var view = StripeJson.Node(SessionView.Of(call.Books, session));
        foreach (var field in call.Form.List("expand"))
        {
            if (field is not "payment_intent")
                throw StripeFailure.BadParameter($"This property cannot be expanded ({field}).", "expand");
            if (session.IntentId is { } id)
                view[field] = StripeJson.Node(PaymentIntentView.Of(call.Books.Find<PaymentIntent>(id)!, call.Books.Origin));
        }

        return view;
    }

    public static object List(StripeCall call)
    {
        call.Form.Only("limit", "starting_after", "payment_intent", "status");
        return ListPage.Of<CheckoutSession>(call, "/v1/checkout/sessions", session => SessionView.Of(call.Books, session),
            session => (call.Form.Text("payment_intent") ?? session.IntentId) == session.IntentId
                && (call.Form.Text("status") ?? session.Status) == session.Status);
    }

    public static CheckoutSession Find(StripeCall call) =>
        call.Books.Find<CheckoutSession>(call.Id) ?? throw StripeFailure.NoSuch("checkout.session", call.Id, "session");
}
