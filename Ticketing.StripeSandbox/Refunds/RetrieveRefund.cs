using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Refunds;

/// <summary><c>GET /v1/refunds/{id}</c> and <c>GET /v1/refunds</c>.</summary>
internal static class RetrieveRefund
{
    public static object Handle(StripeCall call) =>
        View(call.Books.Find<Refund>(call.Id) ?? throw StripeFailure.NoSuch("refund", call.Id));

    public static object List(StripeCall call)
    {
        call.Form.Only("limit", "starting_after", "payment_intent", "charge");
        return ListPage.Of<Refund>(call, "/v1/refunds", View, refund =>
            (call.Form.Text("payment_intent") ?? refund.IntentId) == refund.IntentId
            && (call.Form.Text("charge") ?? refund.ChargeId) == refund.ChargeId);
    }

    public static object View(Refund refund) => new
    {
        id = refund.Id,
        @object = "refund",
        amount = refund.Amount,
        charge = refund.ChargeId,
        created = refund.Created,
        currency = refund.Currency,
        metadata = refund.Metadata,
        payment_intent = refund.IntentId,
        reason = refund.Reason,
        receipt_number = (string?)null,
        status = "succeeded",
    };
}
