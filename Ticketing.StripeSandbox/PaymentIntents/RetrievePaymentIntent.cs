using System.Text.Json.Nodes;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary>
/// <c>GET /v1/payment_intents/{id}</c> (<c>expand[]</c>: latest_charge, payment_method), <c>GET /v1/payment_intents</c>,
/// <c>GET /v1/charges/{id}</c>, <c>GET /v1/payment_methods/{id}</c>.
/// </summary>
internal static class RetrievePaymentIntent
{
    public static object Handle(StripeCall call)
    {
        call.Form.Only("client_secret");
        var intent = Find(call);
        var view = StripeJson.Node(PaymentIntentView.Of(intent, call.Books.Origin));
        foreach (var field in call.Form.List("expand"))
        {
            view[field] = field switch
            {
                "latest_charge" => Expanded(intent.ChargeId, id => PaymentIntentView.Of(call.Books.Find<Charge>(id)!)),
                "payment_method" => Expanded(intent.MethodId, id => PaymentIntentView.Of(call.Books.Find<PaymentMethod>(id)!)),
                _ => throw StripeFailure.BadParameter($"This property cannot be expanded ({field}).", "expand"),
            };
        }

        return view;
    }

    public static object List(StripeCall call)
    {
        call.Form.Only("limit", "starting_after", "created", "customer");
        return ListPage.Of<PaymentIntent>(call, "/v1/payment_intents", intent => PaymentIntentView.Of(intent, call.Books.Origin));
    }

    public static object Charge(StripeCall call) =>
        PaymentIntentView.Of(call.Books.Find<Charge>(call.Id) ?? throw StripeFailure.NoSuch("charge", call.Id));

    public static object Method(StripeCall call) =>
        PaymentIntentView.Of(call.Books.Find<PaymentMethod>(call.Id) ?? throw StripeFailure.NoSuch("PaymentMethod", call.Id));

    /// <summary>The intent that a call's path names.</summary>
    public static PaymentIntent Find(StripeCall call) =>
        call.Books.Find<PaymentIntent>(call.Id) ?? throw StripeFailure.NoSuch("payment_intent", call.Id, "intent");

    private static JsonNode? Expanded(string? id, Func<string, object> view) => id is null ? null : StripeJson.Node(view(id));
}
