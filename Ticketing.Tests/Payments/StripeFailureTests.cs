using System.Net;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>Stripe fails in every way; nobody is charged twice, and everything ends as it should.</summary>
public sealed class StripeFailureTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    private const string Create = "/v1/payment_intents";
    private const string Confirm = "/v1/payment_intents/*/confirm";

    [Theory]
    [InlineData(Create, "before", 500, false)]
    [InlineData(Create, "after", 500, false)]
    [InlineData(Create, "after", null, false)]
    [InlineData(Confirm, "before", 503, false)]
    [InlineData(Confirm, "during", 429, false)]
    [InlineData(Confirm, "after", 500, false)]
    [InlineData(Confirm, "after", null, false)]
    public async Task One_lost_answer_is_asked_for_again_and_the_buyer_notices_nothing(string path, string when, int? status, bool kept)
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path, when, status, kept, drop = status is null });

        (await PaidAsync(order))["status"]!.ToString().ShouldBe("authorized");

        (await ChargesAsync(order)).ShouldBe(1);
        (await IntentsAsync(order)).ShouldBe(["requires_capture"]);
    }

    [Fact]
    public async Task A_stripe_that_stays_silent_is_503_and_the_payment_is_finished_later()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = Confirm, when = "before", drop = true, times = 3 });

        var answer = await PayAsync(order);

        await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await StatusAsync(order)).ShouldBe(PaymentStatus.Pending);
        (await AuthorizedAsync(order)).Attempt.ShouldBe(1);
        (await ChargesAsync(order)).ShouldBe(1);
    }

    [Fact]
    public async Task A_click_after_a_503_goes_on_with_the_same_attempt()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = Confirm, when = "after", drop = true, times = 3 });
        await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

        (await PaidAsync(order))["status"]!.ToString().ShouldBe("authorized");

        (await ChargesAsync(order)).ShouldBe(1);
        (await AuthorizedAsync(order)).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Another_card_after_a_lost_answer_does_not_pay_twice()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = Confirm, when = "after", drop = true, times = 3 });
        await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

        await PaidAsync(order, "tok_mastercard");

        (await ChargesAsync(order)).ShouldBe(1);
        Platform.Broker.Heard<PaymentStarted>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_error_that_stripe_keeps_repeating_hides_no_money()
    {
        var order = await PlaceAsync();
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        try
        {
            await Sandbox.OrderFaultAsync(new { path = Confirm, when = "after", status = 500, kept = true });

            await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

            // Each repetition gets the kept 500; a look at the intent tells.
            await Eventually.BecomesAsync(() => StatusAsync(order), PaymentStatus.Authorized, TimeSpan.FromSeconds(60));
            (await ChargesAsync(order)).ShouldBe(1);
        }
        finally
        {
            await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        }
    }

    [Fact]
    public async Task An_attempt_that_stripe_never_takes_is_given_up_and_the_order_stays_payable()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = Confirm, when = "before", status = 500, times = 100 });
        try
        {
            await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
            (await Platform.Broker.HearAsync<PaymentFailed>(told => told.Payment.OrderId == order.Id)).Payment.Status.ShouldBe(PaymentStatus.Pending);
        }
        finally
        {
            await Sandbox.Client.DeleteAsync("/sandbox/faults");
        }

        await PaidAsync(order);
        (await ChargesAsync(order)).ShouldBe(1);
    }

    /// <summary>As an earlier release may have sent them, whose process died before the answer came.</summary>
    [Fact]
    public async Task A_key_that_was_used_with_other_fields_does_not_keep_the_order_from_being_paid()
    {
        var order = await PlaceAsync();
        await CheckoutAsync(order);
        await using var connection = await Platform.OpenAsync("payments");
        var payment = await connection.QuerySingleAsync<Guid>("SELECT id FROM payments WHERE order_id = @Id", new { order.Id });
        (await Sandbox.CreateIntentAsync(key: $"pi-{payment}")).Ok();

        (await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("You were not charged");
        await PaidAsync(order);

        (await ChargesAsync(order)).ShouldBe(1);
    }

    [Fact]
    public async Task A_capture_whose_answer_is_lost_is_finished_later()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        await Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/capture", when = "after", drop = true, times = 3 });
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        try
        {
            await CompleteAsync(await AuthorizedAsync(order), order);

            await BecomesAsync(order, PaymentStatus.Captured);
            Platform.Broker.Heard<PaymentFailed>(told => told.Payment.OrderId == order.Id).ShouldBeEmpty();
        }
        finally
        {
            await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        }
    }

    [Fact]
    public async Task What_stripe_did_is_found_again_when_it_could_not_be_stored()
    {
        var order = await PlaceAsync();
        await using var connection = await Platform.OpenAsync("payments");
        await connection.ExecuteAsync(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
            CREATE TRIGGER fail BEFORE UPDATE ON attempts FOR EACH ROW WHEN (NEW.state = 'Authorized') EXECUTE FUNCTION fail();
            """);
        ((int)(await PayAsync(order)).StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        (await ChargesAsync(order)).ShouldBe(1);

        await connection.ExecuteAsync("DROP TRIGGER fail ON attempts");

        await BecomesAsync(order, PaymentStatus.Authorized);
        await AuthorizedAsync(order);
        (await ChargesAsync(order)).ShouldBe(1);
        Platform.Broker.Heard<PaymentAuthorized>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_webhooks_the_buyers_answer_to_the_bank_is_found_too()
    {
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        try
        {
            var order = await PlaceAsync();
            var asked = await PaidAsync(order, "tok_threeDSecure2Required");
            await Sandbox.AnswerChallengeAsync(asked["url"]!.ToString(), "complete");

            await AuthorizedAsync(order);
        }
        finally
        {
            await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        }
    }
}
