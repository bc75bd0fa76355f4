using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Payments.Webhooks;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class PaymentDecisionsTests
{
    private static readonly StripeView Held = new(Funds.Held, "pi_1");
    private static readonly StripeView Taken = new(Funds.Taken, "pi_1");
    private static readonly StripeView Over = new(Funds.Over, "pi_1");
    private static readonly StripeView Nothing = new(Funds.None, "pi_1");
    private static readonly StripeView Asked = new(Funds.None, "pi_1", AsksBuyer: true, Url: "https://bank.test/");

    [Fact]
    public void A_card_is_started_authorized_judged_and_captured_with_a_version_for_each_step()
    {
        var started = PaymentDecisions.Start(New(), AttemptKind.Card, "tok_visa", "https://shop.test/");
        started.Event.ShouldBe(PaymentEvent.Started);
        started.Payment.Version.ShouldBe(0);

        var authorized = PaymentDecisions.Observed(Named(started.Payment), 1, Held);
        authorized.Event.ShouldBe(PaymentEvent.Authorized);
        authorized.Payment.Status.ShouldBe(PaymentStatus.Authorized);
        authorized.Payment.Paid.ShouldBeTrue();

        var judged = PaymentDecisions.Judged(authorized.Payment, "pi_1", capture: true);
        judged.Event.ShouldBe(PaymentEvent.None);
        NextStep.Of(judged.Payment.Number(1)).ShouldBe(Step.Capture);

        var captured = PaymentDecisions.Observed(judged.Payment, 1, Taken);
        captured.Event.ShouldBe(PaymentEvent.Captured);
        captured.Payment.Status.ShouldBe(PaymentStatus.Captured);
        captured.Payment.Version.ShouldBe(2);
        NextStep.Of(captured.Payment.Number(1)).ShouldBe(Step.None);
    }

    [Fact]
    public void A_late_event_of_a_cancelled_intent_does_not_name_the_next_one()
    {
        var over = PaymentDecisions.Observed(StartedCard(), 1, Over).Payment;
        over.CardIntentId.ShouldBeNull();
        var next = PaymentDecisions.Start(over, AttemptKind.Card, "tok_visa", "https://shop.test/").Payment;

        Event("pi_1").Names(next).ShouldBeFalse();
        Event("pi_2").Names(next).ShouldBeTrue();
        Event("pi_2").Names(PaymentDecisions.Named(next, "pi_2").Payment).ShouldBeFalse("it is known by then");

        WebhookHint Event(string intentId) => new(next.Id, Attempt: null, intentId, "canceled", Refused: false, DateTime.UnixEpoch);
    }

    [Fact]
    public void Learning_the_same_twice_changes_nothing()
    {
        var authorized = PaymentDecisions.Observed(StartedCard(), 1, Held).Payment;
        ShouldStay(authorized, payment => PaymentDecisions.Observed(payment, 1, Held));
        ShouldStay(authorized, payment => PaymentDecisions.Observed(payment, 1, Asked));
        ShouldStay(authorized, payment => PaymentDecisions.Declined(payment, 1, "late"));

        var judged = PaymentDecisions.Judged(authorized, "pi_1", capture: true).Payment;
        ShouldStay(judged, payment => PaymentDecisions.Judged(payment, "pi_1", capture: true));
        ShouldStay(judged, payment => PaymentDecisions.Judged(payment, "pi_1", capture: false));

        var captured = PaymentDecisions.Observed(judged, 1, Taken).Payment;
        ShouldStay(captured, payment => PaymentDecisions.Observed(payment, 1, Taken));
        ShouldStay(captured, payment => PaymentDecisions.Judged(payment, "pi_1", capture: true));
        ShouldStay(captured, payment => PaymentDecisions.OrderEnded(payment));
    }

    [Fact]
    public void Without_a_verdict_held_money_is_neither_captured_nor_let_go()
    {
        var authorized = PaymentDecisions.Observed(StartedCard(), 1, Held).Payment;

        var ended = PaymentDecisions.OrderEnded(authorized).Payment;

        NextStep.Of(ended.Number(1)).ShouldBe(Step.Look);
        PaymentDecisions.Judged(ended, "pi_other", capture: true).Payment.Number(1).Goal.ShouldBe(AttemptGoal.Pay);
    }

    [Fact]
    public void Money_found_held_after_the_order_ended_still_waits_for_a_verdict()
    {
        var ended = PaymentDecisions.OrderEnded(StartedCard()).Payment;
        NextStep.Of(ended.Number(1)).ShouldBe(Step.CancelUnlessHeld);

        var found = PaymentDecisions.Observed(ended, 1, Held);

        found.Event.ShouldBe(PaymentEvent.Authorized);
        NextStep.Of(found.Payment.Number(1)).ShouldBe(Step.Look);
    }

    [Fact]
    public void Money_found_held_for_an_attempt_that_was_given_up_is_not_overlooked()
    {
        var givenUp = PaymentDecisions.GivenUp(StartedCard(), 1).Payment;

        PaymentDecisions.Observed(givenUp, 1, Held).Event.ShouldBe(PaymentEvent.Authorized);
    }

    [Fact]
    public void A_verdict_against_lets_the_money_go()
    {
        var refused = PaymentDecisions.Judged(PaymentDecisions.Observed(StartedCard(), 1, Held).Payment, "pi_1", capture: false).Payment;
        NextStep.Of(refused.Number(1)).ShouldBe(Step.Release);

        var released = PaymentDecisions.Observed(refused, 1, Over);

        released.Event.ShouldBe(PaymentEvent.Released);
        released.Payment.Status.ShouldBe(PaymentStatus.Released);
    }

    [Fact]
    public void Money_that_is_gone_when_it_is_to_be_captured_fails_the_payment_for_good()
    {
        var authorized = PaymentDecisions.Observed(StartedCard(), 1, Held).Payment;

        var capturedLate = PaymentDecisions.Observed(PaymentDecisions.Judged(authorized, "pi_1", capture: true).Payment, 1, Over);
        var lapsedFirst = PaymentDecisions.Judged(PaymentDecisions.Observed(authorized, 1, Over).Payment, "pi_1", capture: true);

        foreach (var failed in new[] { capturedLate, lapsedFirst })
        {
            failed.Event.ShouldBe(PaymentEvent.Failed);
            failed.ToMessage(DateTimeOffset.UnixEpoch).ShouldBeOfType<PaymentFailed>().Payment.Status.ShouldBe(PaymentStatus.Failed);
        }
    }

    [Fact]
    public void A_declined_card_leaves_the_payment_pending_and_the_same_intent_for_the_next()
    {
        var declined = PaymentDecisions.Declined(StartedCard(), 1, "Your card was declined.");
        declined.ToMessage(DateTimeOffset.UnixEpoch).ShouldBeOfType<PaymentFailed>().Payment.Status.ShouldBe(PaymentStatus.Pending);

        var next = PaymentDecisions.Start(declined.Payment, AttemptKind.Card, "tok_visa", "https://shop.test/").Payment;

        next.Number(2).IntentId.ShouldBe("pi_1");
        NextStep.Of(next.Number(2)).ShouldBe(Step.Confirm);
        next.Status.ShouldBe(PaymentStatus.Pending);
    }

    [Fact]
    public void A_challenge_is_shown_and_its_failure_declines()
    {
        var asked = PaymentDecisions.Observed(StartedCard(), 1, Asked).Payment;
        asked.Status.ShouldBe(PaymentStatus.RequiresAction);
        asked.Number(1).Url.ShouldBe("https://bank.test/");

        var failed = PaymentDecisions.Observed(asked, 1, Nothing with { Failure = "Not authenticated." });

        failed.Event.ShouldBe(PaymentEvent.Failed);
        failed.Payment.Number(1).Failure.ShouldBe("Not authenticated.");
        PaymentDecisions.Observed(asked, 1, Nothing with { Processing = true }).Event.ShouldBe(PaymentEvent.None);
    }

    [Fact]
    public void A_new_card_takes_the_place_of_an_unanswered_challenge()
    {
        var asked = PaymentDecisions.Observed(StartedCard(), 1, Asked).Payment;

        var next = PaymentDecisions.Start(asked, AttemptKind.Card, "tok_visa", "https://shop.test/").Payment;

        next.Number(1).State.ShouldBe(AttemptState.Declined);
        next.NewestCard!.Number.ShouldBe(2);
        // The bank's page of the first card is answered after all: it is the same intent.
        PaymentDecisions.Observed(next, 2, Held).Payment.Paid.ShouldBeTrue();
    }

    [Fact]
    public void A_cancelled_card_intent_is_replaced()
    {
        var cancelled = PaymentDecisions.Observed(StartedCard(), 1, Over);
        cancelled.Event.ShouldBe(PaymentEvent.Failed);

        var next = PaymentDecisions.Start(cancelled.Payment, AttemptKind.Card, "tok_visa", "https://shop.test/").Payment;

        NextStep.Of(next.Number(2)).ShouldBe(Step.CreateIntent);
        next.CardIntentKey.ShouldNotBe(StartedCard().CardIntentKey);
    }

    [Fact]
    public void The_end_of_the_order_stops_pages_and_cards_that_hold_no_money_and_tells_it_once()
    {
        var opened = PaymentDecisions.Observed(
            PaymentDecisions.Start(StartedCard(), AttemptKind.Checkout, null, "https://shop.test/").Payment, 2,
            new StripeView(Funds.None, null, "cs_1", Url: "https://pay.test/")).Payment;
        opened.OpenCheckout!.Url.ShouldBe("https://pay.test/");

        var ended = PaymentDecisions.OrderEnded(opened).Payment;
        NextStep.Of(ended.Number(1)).ShouldBe(Step.CancelUnlessHeld);
        NextStep.Of(ended.Number(2)).ShouldBe(Step.ExpireSession);

        var first = PaymentDecisions.Observed(ended, 1, Over);
        first.Event.ShouldBe(PaymentEvent.None, "the page is still open");
        var second = PaymentDecisions.Observed(first.Payment, 2, new StripeView(Funds.Over, null, "cs_1"));
        second.Event.ShouldBe(PaymentEvent.Released);
        second.Payment.Attempts.ShouldAllBe(attempt => attempt.Settled);
    }

    [Fact]
    public void The_intent_of_a_declined_card_is_cancelled_with_the_order()
    {
        var ended = PaymentDecisions.OrderEnded(PaymentDecisions.Declined(StartedCard(), 1, "no").Payment).Payment;

        NextStep.Of(ended.Number(1)).ShouldBe(Step.CancelUnlessHeld);
        PaymentDecisions.Observed(ended, 1, Over).Payment.Number(1).Settled.ShouldBeTrue();
    }

    [Fact]
    public void Money_is_certain_not_to_move_any_more_only_when_every_attempt_is_over_also_one_that_would_have_to_be_stopped()
    {
        New().Final.ShouldBeTrue("nothing was tried");
        StartedCard().Final.ShouldBeFalse();
        var declined = PaymentDecisions.Declined(StartedCard(), 1, "no").Payment;
        declined.Final.ShouldBeFalse("its intent takes another card");
        PaymentDecisions.Observed(PaymentDecisions.OrderEnded(declined).Payment, 1, Over).Payment.Final.ShouldBeTrue();
        var held = PaymentDecisions.Observed(StartedCard(), 1, Held).Payment;
        held.Final.ShouldBeFalse();
        var released = PaymentDecisions.Judged(held, "pi_1", capture: false).Payment;
        released.Final.ShouldBeFalse("Stripe has not let it go yet");
        PaymentDecisions.Observed(released, 1, Over).Payment.Final.ShouldBeTrue();
        var page = PaymentDecisions.Start(New(), AttemptKind.Checkout, null, "https://shop.test/").Payment;
        page.Final.ShouldBeFalse();
        PaymentDecisions.Observed(page, 1, new StripeView(Funds.Over, null, "cs_1")).Payment.Final.ShouldBeTrue("the page is closed");
    }

    [Fact]
    public void Of_two_authorizations_each_gets_its_own_verdict()
    {
        var both = PaymentDecisions.Start(PaymentDecisions.Observed(StartedCard(), 1, Held).Payment, AttemptKind.Checkout, null, "https://shop.test/").Payment;
        both = PaymentDecisions.Observed(both, 2, new StripeView(Funds.Held, "pi_2", "cs_1")).Payment;

        both = PaymentDecisions.Judged(PaymentDecisions.Judged(both, "pi_2", capture: true).Payment, "pi_1", capture: false).Payment;
        both = PaymentDecisions.Observed(both, 1, Over).Payment;
        both = PaymentDecisions.Observed(both, 2, new StripeView(Funds.Taken, "pi_2", "cs_1")).Payment;

        both.Number(1).State.ShouldBe(AttemptState.Released);
        both.Number(2).State.ShouldBe(AttemptState.Captured);
        both.Status.ShouldBe(PaymentStatus.Captured);
    }

    [Fact]
    public void A_failed_capture_is_told_as_failed_even_while_another_authorization_waits()
    {
        var both = PaymentDecisions.Start(PaymentDecisions.Observed(StartedCard(), 1, Held).Payment, AttemptKind.Checkout, null, "https://shop.test/").Payment;
        both = PaymentDecisions.Observed(both, 2, new StripeView(Funds.Held, "pi_2", "cs_1")).Payment;

        var failed = PaymentDecisions.Observed(PaymentDecisions.Judged(both, "pi_1", capture: true).Payment, 1, Over);

        failed.ToMessage(DateTimeOffset.UnixEpoch).ShouldBeOfType<PaymentFailed>().Payment.Status.ShouldBe(PaymentStatus.Failed);
    }

    private static Payment New() => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1999, "usd", "Concert", null, 0, -1, []);

    private static Payment StartedCard() => Named(PaymentDecisions.Start(New(), AttemptKind.Card, "tok_visa", "https://shop.test/").Payment);

    private static Payment Named(Payment payment) => PaymentDecisions.Named(payment, "pi_1").Payment;

    private static void ShouldStay(Payment payment, Func<Payment, Decision> decide)
    {
        var decision = decide(payment);
        decision.Event.ShouldBe(PaymentEvent.None);
        decision.Payment.Version.ShouldBe(payment.Version);
        decision.Payment.Attempts.ShouldBe(payment.Attempts);
    }
}
