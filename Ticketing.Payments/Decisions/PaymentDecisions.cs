using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// The life of a payment, as pure functions: from what is known and what was learnt to what is known next. Nothing here
/// depends on the order in which things are learnt, and learning the same twice changes nothing.
/// </summary>
internal static class PaymentDecisions
{
    /// <summary>A new attempt. A card that still waits for its 3-D Secure answer is given up for the new one.</summary>
    public static Decision Start(Payment payment, AttemptKind kind, string? token, string returnUrl)
    {
        var number = payment.Attempts.Count + 1;
        var attempts = payment.Attempts;
        if (kind is AttemptKind.Card && payment.NewestCard is { State: AttemptState.RequiresAction } waiting)
        {
            attempts = attempts.SetItem(waiting.Number - 1,
                waiting with { State = AttemptState.Declined, Url = null, Failure = "Another card was tried instead." });
        }

        var intentId = kind is AttemptKind.Card ? payment.CardIntentId : null;
        return new Decision(payment with
        {
            Version = payment.Version + 1,
            Attempts = attempts.Add(new Attempt(
                number, kind, AttemptState.Started, AttemptGoal.Pay, token, returnUrl, intentId, null, null, null, 0)),
        }, PaymentEvent.Started, number);
    }

    /// <summary>Stripe named the payment's card intent. The first one named stays.</summary>
    public static Decision Named(Payment payment, string intentId) => payment.CardIntentId is not null
        ? new Decision(payment)
        : new Decision(payment with
        {
            CardIntentId = intentId,
            Attempts = payment.Attempts.ConvertAll(attempt =>
                attempt is { Kind: AttemptKind.Card, IntentId: null } && (attempt.Live || attempt == payment.NewestCard)
                    ? attempt with { IntentId = intentId }
                    : attempt),
        });

    /// <summary>The bank, or Stripe itself, refused the attempt, whatever the words. Another one may be made.</summary>
    public static Decision Declined(Payment payment, int number, string failure) =>
        payment.Number(number) is { Live: true } attempt
            ? Changed(payment, attempt with { State = AttemptState.Declined, Failure = failure, Url = null }, PaymentEvent.Failed)
            : new Decision(payment);

    /// <summary>
    /// Stripe answers the attempt's call with an error of its own each time, and shows no trace of it. A call to create
    /// the card intent is then made under another key: an intent that nobody confirms costs nobody anything.
    /// </summary>
    public static Decision GivenUp(Payment payment, int number)
    {
        var decision = Declined(payment, number, "The payment could not be processed. You were not charged; please try again.");
        return payment is { CardIntentId: null } && payment.Number(number).Kind is AttemptKind.Card
            ? decision with { Payment = decision.Payment with { CardIntents = payment.CardIntents + 1 } }
            : decision;
    }

    /// <summary>Stripe shows how things stand with an attempt.</summary>
    public static Decision Observed(Payment payment, int number, StripeView view)
    {
        var attempt = payment.Number(number);
        attempt = attempt with
        {
            IntentId = view.IntentId ?? attempt.IntentId,
            SessionId = view.SessionId ?? attempt.SessionId,
        };
        return view.Funds switch
        {
            Funds.Held or Funds.Taken when attempt.Live || attempt.State is AttemptState.Declined or AttemptState.Stopped =>
                // Also when it was to be stopped: money that is held waits for the verdict of Orders.
                Changed(payment, attempt with { State = AttemptState.Authorized, Goal = AttemptGoal.Pay, Failure = null, Url = null },
                    PaymentEvent.Authorized),
            Funds.Taken when attempt is { State: AttemptState.Authorized, Goal: AttemptGoal.Capture } =>
                Changed(payment, attempt with { State = AttemptState.Captured }, PaymentEvent.Captured),
            Funds.Over => Over(payment, attempt),
            Funds.None when attempt.Live => Waiting(payment, attempt, view),
            _ => new Decision(payment),
        };
    }

    /// <summary>The order can no longer be paid: what is not authorized must not become so.</summary>
    public static Decision OrderEnded(Payment payment) => new(payment with
    {
        Attempts = payment.Attempts.ConvertAll(attempt =>
            attempt.Live || (attempt.State is AttemptState.Declined && attempt == payment.NewestCard && attempt.IntentId is not null)
                ? attempt with { Goal = AttemptGoal.Stop }
                : attempt),
    });

    /// <summary>The verdict of Orders on one intent's money. Only the first counts.</summary>
    public static Decision Judged(Payment payment, string intentId, bool capture) =>
        payment.Attempts.FindLast(attempt => attempt.IntentId == intentId
            && attempt.State is AttemptState.Authorized or AttemptState.Released) switch
        {
            { State: AttemptState.Authorized, Goal: AttemptGoal.Pay } attempt =>
                new Decision(With(payment, attempt with { Goal = capture ? AttemptGoal.Capture : AttemptGoal.Release })),
            // The bank let it go before the verdict came.
            { State: AttemptState.Released, Goal: AttemptGoal.Pay } attempt when capture =>
                Changed(payment, attempt with { State = AttemptState.Failed, Failure = GoneFailure }, PaymentEvent.Failed),
            _ => new Decision(payment),
        };

    private const string GoneFailure = "The reserved money is no longer there.";

    /// <summary>The intent is cancelled at Stripe, or the page expired: no money is held and none will be.</summary>
    private static Decision Over(Payment payment, Attempt attempt) => OverOn(Forgetting(payment, attempt), attempt);

    /// <summary>A cancelled card intent takes no further card: the next attempt gets a new one.</summary>
    private static Payment Forgetting(Payment payment, Attempt attempt) =>
        attempt.Kind is AttemptKind.Card && attempt.IntentId == payment.CardIntentId && payment.CardIntentId is not null
            ? payment with { CardIntentId = null, CardIntents = payment.CardIntents + 1 }
            : payment;

    private static Decision OverOn(Payment payment, Attempt attempt) => attempt switch
    {
        { State: AttemptState.Authorized, Goal: AttemptGoal.Capture } =>
            Changed(payment, attempt with { State = AttemptState.Failed, Failure = GoneFailure }, PaymentEvent.Failed),
        { State: AttemptState.Authorized } => Changed(payment, attempt with { State = AttemptState.Released }, PaymentEvent.Released),
        { Goal: AttemptGoal.Stop, Settled: false } => Stopped(payment, attempt),
        { Live: true, Kind: AttemptKind.Checkout } =>
            Changed(payment, attempt with { State = AttemptState.Declined, Url = null, Failure = "The payment page has expired." }, PaymentEvent.Failed),
        { Live: true } => Changed(payment,
            attempt with { State = AttemptState.Declined, Url = null, Failure = "The payment was cancelled." }, PaymentEvent.Failed),
        _ => new Decision(payment),
    };

    private static Decision Stopped(Payment payment, Attempt attempt)
    {
        var decision = Changed(payment, attempt with { State = AttemptState.Stopped, Url = null }, PaymentEvent.None);
        return decision.Payment.Status is PaymentStatus.Released ? decision with { Event = PaymentEvent.Released } : decision;
    }

    /// <summary>No money yet: the page is open, the bank asks, or the card was refused in the challenge.</summary>
    private static Decision Waiting(Payment payment, Attempt attempt, StripeView view) => (attempt, view) switch
    {
        ({ Kind: AttemptKind.Checkout, State: AttemptState.Started }, { Url: { } url }) =>
            Changed(payment, attempt with { State = AttemptState.Open, Url = url }, PaymentEvent.None),
        // The page shows it and takes another card; the order's page says it to a buyer who comes back from there.
        ({ Kind: AttemptKind.Checkout, State: AttemptState.Open }, { Failure: { } failure }) when failure != attempt.Failure =>
            new Decision(With(payment, attempt with { Failure = failure })),
        ({ Kind: AttemptKind.Card }, { AsksBuyer: true }) when attempt.State is AttemptState.Started =>
            Changed(payment, attempt with { State = AttemptState.RequiresAction, Url = view.Url }, PaymentEvent.None),
        ({ Kind: AttemptKind.Card, State: AttemptState.RequiresAction }, { AsksBuyer: false, Processing: false }) =>
            Declined(payment, attempt.Number, view.Failure ?? "The card could not be authenticated."),
        _ => new Decision(payment),
    };

    private static Decision Changed(Payment payment, Attempt attempt, PaymentEvent what) =>
        new(With(payment, attempt) with { Version = payment.Version + 1 }, what, attempt.Number);

    private static Payment With(Payment payment, Attempt attempt) =>
        payment with { Attempts = payment.Attempts.SetItem(attempt.Number - 1, attempt) };
}
