using System.Collections.Concurrent;
using System.Collections.Frozen;
using Stripe;
using Stripe.Checkout;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments.Webhooks;

/// <summary>Reads Stripe's events: what each type that we follow tells of a payment.</summary>
internal static class WebhookEvents
{
    /// <summary>By type. Other events are acknowledged and tell nothing.</summary>
    private static readonly FrozenDictionary<string, Func<Event, WebhookHint?>> Handlers = new Dictionary<string, Func<Event, WebhookHint?>>
    {
        [EventTypes.PaymentIntentCreated] = OfIntent,
        [EventTypes.PaymentIntentProcessing] = OfIntent,
        [EventTypes.PaymentIntentRequiresAction] = OfIntent,
        [EventTypes.PaymentIntentAmountCapturableUpdated] = OfIntent,
        [EventTypes.PaymentIntentSucceeded] = OfIntent,
        [EventTypes.PaymentIntentCanceled] = OfIntent,
        [EventTypes.PaymentIntentPaymentFailed] = happened => OfIntent(happened) is { } hint ? hint with { Refused = true } : null,
        [EventTypes.CheckoutSessionCompleted] = OfSession,
        [EventTypes.CheckoutSessionExpired] = OfSession,
    }.ToFrozenDictionary();

    private static readonly ConcurrentDictionary<string, bool> VersionsLogged = [];

    /// <summary>The types that Stripe's endpoint has to send.</summary>
    public static IEnumerable<string> Types => Handlers.Keys;

    /// <summary>What the event is about; null when it is none of ours, or cannot be read.</summary>
    /// <param name="json">Signed by Stripe.</param>
    /// <param name="logger">Hears of an event that this version of Stripe's library was not made for.</param>
    public static WebhookHint? Read(string json, ILogger logger)
    {
        if (Parse(json, logger) is not { } happened)
            return null;
        if (happened.ApiVersion is { } version && !EventUtility.IsCompatibleApiVersion(version))
        {
            PaymentMetrics.OtherVersion(version);
            if (VersionsLogged.TryAdd(version, true))
                StripeLog.WebhookVersion(logger, version, StripeConfiguration.ApiVersion);
        }
        return Handlers.TryGetValue(happened.Type ?? "", out var read) ? read(happened) : null;
    }

    private static Event? Parse(string json, ILogger logger)
    {
        try
        {
            return EventUtility.ParseEvent(json, throwOnApiVersionMismatch: false);
        }
        catch (Exception problem)
        {
            // In which way it cannot be read depends on the library. Sent again it would be the same, and an event only says when to look.
            StripeLog.WebhookUnreadable(logger, problem.GetType().Name);
            return null;
        }
    }

    private static WebhookHint? OfIntent(Event happened) =>
        happened.Data?.Object is PaymentIntent intent && intent.PaymentId() is { } paymentId
            ? new WebhookHint(paymentId, intent.AttemptNumber(), intent.Id, intent.Status, Refused: false, happened.Created, intent.Installation())
            : null;

    private static WebhookHint? OfSession(Event happened) =>
        happened.Data?.Object is Session session && session.PaymentId() is { } paymentId
            ? new WebhookHint(paymentId, session.AttemptNumber(), null, session.Status, Refused: false, happened.Created, session.Installation())
            : null;
}

/// <summary>What an event says about a payment.</summary>
/// <param name="Attempt">The checkout attempt; null for the card intent.</param>
/// <param name="IntentId">The intent; null when the event is about a session.</param>
/// <param name="Status">Of the intent or session when the event happened.</param>
/// <param name="Refused">Whether a card was refused.</param>
/// <param name="Created">When it happened, in UTC by Stripe's clock.</param>
/// <param name="Installation">The installation that made the intent or session, if that is written on it.</param>
internal sealed record WebhookHint(
    Guid PaymentId, int? Attempt, string? IntentId, string? Status, bool Refused, DateTime Created, string? Installation = null)
{
    /// <summary>Whether it names the payment's intent, which is not known yet. A late event may be about an earlier one.</summary>
    public bool Names(Payment payment) =>
        this is { Attempt: null, IntentId: not null } && payment is { CardIntentId: null, NewestCard.Live: true }
        && !payment.Attempts.Exists(attempt => attempt.IntentId == IntentId);

    /// <summary>Whether it can tell nothing any more, whatever has happened to the payment since it was like this.</summary>
    public bool IsPast(Payment payment) =>
        IntentId is not null && payment.Attempts.FindLast(attempt => attempt.IntentId == IntentId) is { } attempt
        && (attempt.State is AttemptState.Captured or AttemptState.Released
            || (attempt.State is AttemptState.Authorized && Status is "requires_capture")
            // Somebody's card was not refused yet: it only names the intent.
            || (Status is "requires_payment_method" && !Refused));

    /// <summary>Whether the payment has come at least that far by itself, as it has for most events.</summary>
    public bool SaysNothingNew(Payment payment)
    {
        var attempt = Attempt is { } number
            ? payment.Attempts.Find(candidate => candidate.Number == number)
            : payment.Attempts.FindLast(candidate => candidate.Kind is AttemptKind.Card && candidate.IntentId == IntentId);
        return attempt is null || attempt.Settled || Status switch
        {
            "requires_capture" or "complete" => attempt.State is AttemptState.Authorized,
            "requires_payment_method" when Refused && attempt.Kind is AttemptKind.Checkout => false,
            "requires_payment_method" or "requires_confirmation" => attempt.State is not AttemptState.RequiresAction,
            "requires_action" => attempt.State is AttemptState.RequiresAction,
            _ => false,
        };
    }
}
