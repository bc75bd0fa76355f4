using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>
/// Carries one attempt on at Stripe, step by step, until it is settled or it is somebody else's turn. Each step: read
/// what is to be done (it was committed before), do it at Stripe, commit what Stripe said. So it may break off anywhere,
/// and whoever comes next goes on from there.
/// </summary>
internal sealed class Settlement(PaymentLedger ledger, StripeGateway stripe, Installation installation, ILogger<Settlement> logger)
{
    /// <summary>After so many looks at a call that Stripe always answers with an error of its own, it is given up.</summary>
    private const int LooksBeforeGivingUp = 2;

    /// <summary>One step more than any path has; a state that does not change ends the way earlier.</summary>
    private const int MaxSteps = 8;

    /// <summary>Goes on with one attempt.</summary>
    /// <param name="payment">As it was found since the caller has the order's lease.</param>
    /// <param name="number">The attempt's.</param>
    /// <param name="lease">The order's lease, if it is given back with the last that is written.</param>
    /// <param name="cancellationToken">Breaks off, wherever it is.</param>
    /// <exception cref="UnknownOutcomeException">Stripe cannot be asked; reconciliation goes on later.</exception>
    public async Task<Payment> Advance(Payment payment, int number, Lease? lease, CancellationToken cancellationToken)
    {
        for (var steps = 0; steps < MaxSteps; steps++)
        {
            var attempt = payment.Number(number);
            var step = NextStep.Of(attempt);
            if (step is Step.None || (step is Step.Look && steps > 0))
                return payment;
            var learnt = await Take(step, payment, attempt, cancellationToken);
            var after = await ledger.Change(
                payment, learnt, decided => NextStep.Of(decided.Number(number)) is Step.None or Step.Look ? lease : null, cancellationToken);
            if (after.Number(number) == attempt)
                return after;
            payment = after;
        }

        return payment;
    }

    private async Task<Func<Payment, Decision>> Take(Step step, Payment payment, Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return step switch
            {
                Step.CreateIntent => Created(attempt, await stripe.CreateIntent(payment, await installation.GetIdAsync(cancellationToken), cancellationToken)),
                Step.Confirm => await Confirmed(attempt, await stripe.Confirm(payment, attempt, cancellationToken), cancellationToken),
                Step.CreateSession => await Opened(attempt,
                    await stripe.CreateSession(payment, attempt, await installation.GetIdAsync(cancellationToken), cancellationToken), cancellationToken),
                Step.Capture => await Moved(attempt, await stripe.Capture(attempt.IntentId!, cancellationToken), cancellationToken),
                Step.Release => await Moved(attempt, await stripe.Cancel(attempt.IntentId!, cancellationToken), cancellationToken),
                Step.CancelUnlessHeld => await CancelUnlessHeld(attempt, cancellationToken),
                Step.ExpireSession => await Moved(attempt, await stripe.ExpireSession(attempt.SessionId!, cancellationToken), cancellationToken),
                _ => await Look(attempt, cancellationToken),
            };
        }
        catch (UnknownOutcomeException problem)
            when (problem.Answered && attempt is { State: AttemptState.Started, Looks: >= LooksBeforeGivingUp })
        {
            return await GiveUpUnlessSeen(attempt, problem, cancellationToken);
        }
        catch (UnknownOutcomeException problem)
        {
            StripeLog.LeftInTheMiddle(logger, payment.Id, attempt.Number, step, problem);
            throw;
        }
    }

    private static Func<Payment, Decision> Created(Attempt attempt, StripeAnswer<StripeView> answer) =>
        answer.Refusal is { } refusal ? Refused(attempt, refusal) : payment => PaymentDecisions.Named(payment, answer.Value!.IntentId!);

    private async Task<Func<Payment, Decision>> Confirmed(
        Attempt attempt, StripeAnswer<StripeView> answer, CancellationToken cancellationToken) => answer switch
    {
        { Refusal: { AboutState: false } refusal } => payment => PaymentDecisions.Declined(payment, attempt.Number, refusal.ForBuyer),
        { Value: { } view, Replayed: false } => Seen(attempt, view),
        _ => await Look(attempt, cancellationToken),
    };

    private async Task<Func<Payment, Decision>> Opened(
        Attempt attempt, StripeAnswer<StripeView> answer, CancellationToken cancellationToken) => answer switch
    {
        { Refusal: { } refusal } => Refused(attempt, refusal),
        { Replayed: true } => Seen(attempt, (await stripe.RetrieveSession(answer.Value!.SessionId!, cancellationToken)).Value),
        _ => Seen(attempt, answer.Value),
    };

    /// <summary>
    /// A key that was used with other fields, as an earlier release may have sent them, is used up: the next attempt has another.
    /// What was made under it is an intent that nobody confirmed, or a page that nobody was shown.
    /// </summary>
    private static Func<Payment, Decision> Refused(Attempt attempt, StripeRefusal refusal) => payment => refusal.AboutState
        ? PaymentDecisions.GivenUp(payment, attempt.Number)
        : PaymentDecisions.Declined(payment, attempt.Number, refusal.ForBuyer);

    /// <summary>A refusal means that the intent or session is no longer where the call supposed it: see where it is.</summary>
    private async Task<Func<Payment, Decision>> Moved(
        Attempt attempt, StripeAnswer<StripeView> answer, CancellationToken cancellationToken) =>
        answer.Value is { } view ? Seen(attempt, view) : await Look(attempt, cancellationToken);

    /// <summary>
    /// Stripe would cancel held money too. Between the look and the cancel only the buyer's answer to a challenge can come
    /// in; then the money is let go before anybody was told that it was held.
    /// </summary>
    private async Task<Func<Payment, Decision>> CancelUnlessHeld(Attempt attempt, CancellationToken cancellationToken)
    {
        var seen = await stripe.RetrieveIntent(attempt.IntentId!, cancellationToken);
        return seen.Value is { Funds: not Funds.None } view
            ? Seen(attempt, view)
            : await Moved(attempt, await stripe.Cancel(attempt.IntentId!, cancellationToken), cancellationToken);
    }

    private async Task<Func<Payment, Decision>> Look(Attempt attempt, CancellationToken cancellationToken) => Seen(attempt,
        attempt.Kind is AttemptKind.Card
            ? (await stripe.RetrieveIntent(attempt.IntentId!, cancellationToken)).Value
            : (await stripe.RetrieveSession(attempt.SessionId!, cancellationToken)).Value);

    private async Task<Func<Payment, Decision>> GiveUpUnlessSeen(
        Attempt attempt, UnknownOutcomeException problem, CancellationToken cancellationToken)
    {
        var view = attempt.IntentId is null ? null : (await stripe.RetrieveIntent(attempt.IntentId, cancellationToken)).Value;
        StripeLog.GivenUp(logger, attempt.Number, problem);
        return view is { Funds: not Funds.None } or { AsksBuyer: true } or { Processing: true }
            ? Seen(attempt, view)
            : payment => PaymentDecisions.GivenUp(payment, attempt.Number);
    }

    /// <summary>What Stripe shows; nothing is learnt from its not knowing the thing at all.</summary>
    private static Func<Payment, Decision> Seen(Attempt attempt, StripeView? view) =>
        payment => view is null ? new Decision(payment) : PaymentDecisions.Observed(payment, attempt.Number, view);
}
