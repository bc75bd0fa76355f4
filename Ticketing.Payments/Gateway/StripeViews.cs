using System.Globalization;
using Stripe;
using Stripe.Checkout;

namespace Ticketing.Payments.Gateway;

/// <summary>Reads Stripe's objects as far as decisions need them.</summary>
internal static class StripeViews
{
    /// <exception cref="InvalidDataException">It does not say what it is.</exception>
    public static StripeView ToView(this PaymentIntent intent) => new(
        intent.Status switch
        {
            "requires_capture" => Funds.Held,
            "succeeded" => Funds.Taken,
            "canceled" => Funds.Over,
            null => throw new InvalidDataException("A payment intent without a status."),
            _ => Funds.None,
        },
        intent.Id ?? throw new InvalidDataException("A payment intent without an id."),
        AsksBuyer: intent.Status is "requires_action",
        // A status that is not known here is not taken for an end of the attempt.
        Processing: intent.Status is not ("requires_payment_method" or "requires_confirmation" or "requires_action"
            or "requires_capture" or "succeeded" or "canceled"),
        Url: intent.NextAction?.RedirectToUrl?.Url, Failure: intent.LastPaymentError?.Message);

    /// <summary>A session and its intent, which it only has once the buyer tried a card.</summary>
    /// <exception cref="InvalidDataException">It does not say what it is, or does not have its intent with it.</exception>
    public static StripeView ToView(this Session session)
    {
        if (session is { Id: null } or { Status: null } or { PaymentIntentId: not null, PaymentIntent: null })
            throw new InvalidDataException("A session without an id, a status or its intent.");
        var view = session.PaymentIntent?.ToView() ?? new StripeView(Funds.None, null);
        return view with
        {
            Funds = session.Status is "expired" && view.Funds is Funds.None ? Funds.Over : view.Funds,
            SessionId = session.Id,
            Url = session.Url,
        };
    }
}

/// <summary>What we write on Stripe's objects, to know them again.</summary>
internal static class StripeMetadata
{
    /// <param name="installation">See <see cref="Payments.Installation"/>.</param>
    /// <param name="checkout">The attempt that the object is for; null for the payment's card intent, which is for many.</param>
    public static Dictionary<string, string> Of(Payment payment, string installation, Attempt? checkout = null)
    {
        var metadata = new Dictionary<string, string>
        {
            ["payment_id"] = payment.Id.ToString(), ["order_id"] = payment.OrderId.ToString(), ["installation"] = installation,
        };
        if (checkout is not null)
            metadata["attempt"] = checkout.Number.ToString(CultureInfo.InvariantCulture);
        return metadata;
    }

    /// <summary>The payment of ours that it belongs to; null when it is none of ours.</summary>
    public static Guid? PaymentId(this IHasMetadata thing) =>
        Guid.TryParse(thing.Metadata?.GetValueOrDefault("payment_id"), out var id) ? id : null;

    /// <summary>The installation that made it; null where a version that did not say so made it, or none of ours.</summary>
    public static string? Installation(this IHasMetadata thing) => thing.Metadata?.GetValueOrDefault("installation");

    /// <summary>The number of the checkout attempt; null for the card intent.</summary>
    public static int? AttemptNumber(this IHasMetadata thing) =>
        int.TryParse(thing.Metadata?.GetValueOrDefault("attempt"), CultureInfo.InvariantCulture, out var number) ? number : null;
}
