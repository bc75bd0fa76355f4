using Shouldly;
using Ticketing.Payments;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class StartDecisionTests
{
    [Fact]
    public void The_first_call_makes_the_first_attempt() =>
        StartDecision.Card(With(), true, "tok_visa", 0).ShouldBe((StartOutcome.New, 1));

    [Fact]
    public void A_call_that_waited_gets_the_answer_of_the_attempt_made_meanwhile_with_its_card() =>
        StartDecision.Card(With(Card(AttemptState.Declined)), true, "tok_visa", 0).ShouldBe((StartOutcome.Share, 1));

    [Fact]
    public void A_call_that_waited_for_another_card_is_tried_itself()
    {
        StartDecision.Card(With(Card(AttemptState.Declined)), true, "tok_other", 0).ShouldBe((StartOutcome.New, 2));
        StartDecision.Card(With(Card(AttemptState.RequiresAction)), true, "tok_other", 0).ShouldBe((StartOutcome.New, 2));
        StartDecision.Card(With(Card(AttemptState.Authorized)), true, "tok_other", 0).ShouldBe((StartOutcome.Paid, 1));
        StartDecision.Card(With(Card(AttemptState.Declined)), false, "tok_other", 0).Outcome.ShouldBe(StartOutcome.Refused);
    }

    [Fact]
    public void A_call_that_waited_while_both_its_card_and_another_were_tried_gets_its_cards_answer() =>
        StartDecision.Card(With(Card(AttemptState.Declined), Card(AttemptState.Declined) with { Number = 2, Token = "tok_other" }), true, "tok_visa", 0)
            .ShouldBe((StartOutcome.Share, 1));

    [Theory]
    [InlineData("tok_visa")]
    [InlineData("tok_other")]
    public void An_attempt_whose_outcome_is_open_is_taken_up_first_whatever_the_card(string token) =>
        StartDecision.Card(With(Card(AttemptState.Started)), true, token, 0).ShouldBe((StartOutcome.Resume, 1));

    [Theory]
    [InlineData("tok_visa")]
    [InlineData("tok_other")]
    public void After_a_decline_every_call_is_a_new_attempt(string token) =>
        StartDecision.Card(With(Card(AttemptState.Declined)), true, token, 1).ShouldBe((StartOutcome.New, 2));

    [Fact]
    public void The_same_card_again_goes_on_with_its_challenge_and_another_one_is_new()
    {
        var asked = With(Card(AttemptState.RequiresAction));
        StartDecision.Card(asked, true, "tok_visa", 1).ShouldBe((StartOutcome.Resume, 1));
        StartDecision.Card(asked, true, "tok_other", 1).ShouldBe((StartOutcome.New, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_paid_is_paid_also_when_the_order_has_ended(bool open) =>
        StartDecision.Card(With(Card(AttemptState.Authorized)), open, "tok_visa", 1).ShouldBe((StartOutcome.Paid, 1));

    [Fact]
    public void An_ended_order_takes_no_attempt()
    {
        StartDecision.Card(With(), false, "tok_visa", 0).Outcome.ShouldBe(StartOutcome.Refused);
        StartDecision.Card(With(Card(AttemptState.Authorized, AttemptGoal.Release)), false, "tok_visa", 1).Outcome.ShouldBe(StartOutcome.Refused);
        StartDecision.Checkout(With(), false).Outcome.ShouldBe(StartOutcome.Refused);
    }

    [Fact]
    public void A_page_that_is_open_is_the_page()
    {
        var page = Card(AttemptState.Open) with { Kind = AttemptKind.Checkout };
        StartDecision.Checkout(With(page), true).ShouldBe((StartOutcome.Resume, 1));
        StartDecision.Checkout(With(page with { State = AttemptState.Declined }), true).ShouldBe((StartOutcome.New, 2));
        StartDecision.Card(With(page), true, "tok_visa", 1).ShouldBe((StartOutcome.New, 2));
    }

    private static Payment With(params Attempt[] attempts) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1999, "usd", "Concert", null, 0, 0, [.. attempts]);

    private static Attempt Card(AttemptState state, AttemptGoal goal = AttemptGoal.Pay) =>
        new(1, AttemptKind.Card, state, goal, "tok_visa", "https://shop.test/", "pi_1", null, null, null, 0);
}
