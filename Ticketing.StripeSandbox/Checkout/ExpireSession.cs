using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary><c>POST /v1/checkout/sessions/{id}/expire</c>: its page takes no more cards.</summary>
internal static class ExpireSession
{
    public static object Handle(StripeCall call)
    {
        call.Form.Only();
        var session = RetrieveSession.Find(call);
        if (session.Status != SessionStatus.Open)
        {
            throw StripeFailure.BadParameter(
                $"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {session.Status}.",
                "session");
        }

        return RetrieveSession.Expanded(call, Expire(call.Books, session));
    }

    public static CheckoutSession Expire(BooksTransaction books, CheckoutSession session)
    {
        var expired = books.Put(session with { Status = SessionStatus.Expired });
        if (session.IntentId is { } id && books.Find<PaymentIntent>(id) is { Ended: false } intent)
            CancelPaymentIntent.Cancel(books, intent, "abandoned");
        books.Publish("checkout.session.expired", SessionView.Of(books, expired));
        return expired;
    }
}
