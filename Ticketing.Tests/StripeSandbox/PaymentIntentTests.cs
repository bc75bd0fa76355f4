using Shouldly;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

public sealed class PaymentIntentTests(Sandbox sandbox) : IClassFixture<Sandbox>
{
    [Fact]
    public async Task A_card_is_authorized_then_captured_and_the_money_received()
    {
        var intent = (await sandbox.CreateIntentAsync("&metadata[order_id]=7")).Ok();
        intent.Text("status").ShouldBe("requires_payment_method");
        intent.Body["metadata"]!["order_id"]!.GetValue<string>().ShouldBe("7");

        var authorized = (await sandbox.ConfirmAsync(intent.Id, "tok_visa")).Ok();
        authorized.Text("status").ShouldBe("requires_capture");
        authorized.Number("amount_capturable").ShouldBe(1999);

        var captured = (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/capture")).Ok();
        captured.Text("status").ShouldBe("succeeded");
        captured.Number("amount_received").ShouldBe(1999);
        (await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}")).Body.ToJsonString().ShouldBe(captured.Body.ToJsonString());
    }

    [Fact]
    public async Task One_call_can_create_and_confirm_and_take_the_money_at_once()
    {
        var paid = await sandbox.PostAsync("/v1/payment_intents",
            "amount=100&currency=usd&confirm=true&payment_method=pm_card_mastercard&payment_method_types[0]=card");

        paid.Ok().Text("status").ShouldBe("succeeded");
    }

    [Theory]
    [InlineData("tok_chargeDeclined", "card_declined", "generic_decline", "Your card was declined.")]
    [InlineData("tok_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", "Your card has insufficient funds.")]
    [InlineData("tok_chargeDeclinedExpiredCard", "expired_card", null, "Your card has expired.")]
    public async Task A_declined_card_is_402_and_the_intent_waits_for_another(string token, string code, string? declineCode, string message)
    {
        var intent = (await sandbox.CreateIntentAsync()).Ok();

        var declined = await sandbox.ConfirmAsync(intent.Id, token);

        declined.Status.ShouldBe(402);
        declined.Body["error"]!["type"]!.GetValue<string>().ShouldBe("card_error");
        declined.ErrorCode.ShouldBe(code);
        declined.Body["error"]!["decline_code"]?.GetValue<string>().ShouldBe(declineCode);
        declined.ErrorMessage.ShouldBe(message);
        declined.Body["error"]!["payment_intent"]!["status"]!.GetValue<string>().ShouldBe("requires_payment_method");
        (await sandbox.ConfirmAsync(intent.Id, "tok_visa")).Ok().Text("status").ShouldBe("requires_capture");
    }

    [Fact]
    public async Task An_intent_succeeds_only_once_and_ends_for_good()
    {
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/capture")).ErrorCode.ShouldBe("payment_intent_unexpected_state");
        (await sandbox.ConfirmAsync(intent.Id, "tok_visa")).Ok();
        (await sandbox.ConfirmAsync(intent.Id, "tok_visa")).ErrorCode.ShouldBe("payment_intent_unexpected_state");

        var canceled = (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/cancel", "cancellation_reason=abandoned")).Ok();

        canceled.Text("status").ShouldBe("canceled");
        canceled.Number("amount_capturable").ShouldBe(0);
        foreach (var action in new[] { "capture", "cancel" })
        {
            var refused = await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/{action}");
            refused.Status.ShouldBe(400);
            refused.ErrorCode.ShouldBe("payment_intent_unexpected_state");
        }
    }

    [Fact]
    public async Task A_part_can_be_captured_and_refunded_no_further_than_it_was()
    {
        var intent = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true")).Ok();
        (await sandbox.PostAsync("/v1/refunds", $"payment_intent={intent.Id}")).Status.ShouldBe(400);
        (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/capture", "amount_to_capture=2000")).ErrorCode.ShouldBe("amount_too_large");
        (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/capture", "amount_to_capture=1000")).Ok();

        (await sandbox.PostAsync("/v1/refunds", $"payment_intent={intent.Id}&amount=600")).Ok().Number("amount").ShouldBe(600);
        (await sandbox.PostAsync("/v1/refunds", $"payment_intent={intent.Id}&amount=500")).Status.ShouldBe(400);
        (await sandbox.PostAsync("/v1/refunds", $"payment_intent={intent.Id}")).Ok().Number("amount").ShouldBe(400);

        (await sandbox.PostAsync("/v1/refunds", $"payment_intent={intent.Id}")).ErrorCode.ShouldBe("charge_already_refunded");
        var charge = await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}?expand[]=latest_charge");
        charge.Body["latest_charge"]!["refunded"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("amount=49&currency=usd", "amount_too_small")]
    [InlineData("amount=100000000&currency=usd", "amount_too_large")]
    [InlineData("amount=29&currency=gbp", "amount_too_small")]
    [InlineData("currency=usd", "parameter_missing")]
    [InlineData("amount=100", "parameter_missing")]
    [InlineData("amount=1.5&currency=usd", "parameter_invalid_integer")]
    [InlineData("amount=-5&currency=usd", "parameter_invalid_integer")]
    [InlineData("amount=&currency=usd", "parameter_invalid_empty")]
    [InlineData("amount=100&currency=zzz", null)]
    [InlineData("amount=100&currency=usd&colour=red", "parameter_unknown")]
    [InlineData("amount=100&currency=usd&payment_method=pm_card_nope", "resource_missing")]
    public async Task Bad_parameters_are_refused_in_stripes_words(string form, string? code)
    {
        var refused = await sandbox.PostAsync("/v1/payment_intents", form);

        refused.Status.ShouldBeOneOf(400, 404);
        refused.Body["error"]!["type"]!.GetValue<string>().ShouldBe("invalid_request_error");
        refused.ErrorCode.ShouldBe(code);
        refused.Body["error"]!["param"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_call_needs_the_key_and_gets_a_request_id()
    {
        using var client = sandbox.Service.Anonymous();
        using var without = await client.GetAsync("/v1/payment_intents");
        without.StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        without.Headers.GetValues("Request-Id").Single().ShouldStartWith("req_");
        client.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_other");
        using var wrong = await client.GetAsync("/v1/payment_intents");
        (await Answer.ReadAsync(wrong)).ErrorMessage!.ShouldStartWith("Invalid API Key provided: sk_test_****");
        client.DefaultRequestHeaders.Authorization = new("Bearer", Sandbox.Key);
        client.DefaultRequestHeaders.Add("Stripe-Version", "2025-03-31.basil");

        using var right = await client.GetAsync("/v1/payment_intents?limit=1");

        right.IsSuccessStatusCode.ShouldBeTrue();
        right.Headers.GetValues("Request-Id").Single().ShouldStartWith("req_");
        right.Headers.GetValues("Stripe-Version").Single().ShouldBe("2025-03-31.basil");
    }

    [Fact]
    public async Task Three_d_secure_leads_over_the_banks_page_back_to_the_shop()
    {
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        var asked = (await sandbox.ConfirmAsync(intent.Id, "tok_threeDSecure2Required", "&return_url=https://shop.test/order?id=1")).Ok();
        asked.Text("status").ShouldBe("requires_action");
        var page = asked.Body["next_action"]!["redirect_to_url"]!["url"]!.GetValue<string>();

        var back = await sandbox.AnswerChallengeAsync(page, "fail");

        back!.ShouldStartWith($"https://shop.test/order?id=1&payment_intent={intent.Id}&");
        back!.ShouldEndWith("redirect_status=failed");
        var failed = await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}");
        failed.Text("status").ShouldBe("requires_payment_method");
        failed.Body["last_payment_error"]!["code"]!.GetValue<string>().ShouldBe("payment_intent_authentication_failure");

        asked = (await sandbox.ConfirmAsync(intent.Id, "tok_threeDSecure2Required", "&return_url=https://shop.test/")).Ok();
        page = asked.Body["next_action"]!["redirect_to_url"]!["url"]!.GetValue<string>();
        (await sandbox.AnswerChallengeAsync(page, "complete"))!.ShouldEndWith("redirect_status=succeeded");
        (await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}")).Text("status").ShouldBe("requires_capture");
    }

    [Fact]
    public async Task Authorized_money_lapses_after_seven_days()
    {
        var intent = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true")).Ok();

        (await sandbox.PostAsync($"/sandbox/payment_intents/{intent.Id}/lapse")).Ok();

        var lapsed = await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}");
        lapsed.Text("status").ShouldBe("canceled");
        lapsed.Text("cancellation_reason").ShouldBe("automatic");
    }

    [Fact]
    public async Task An_unknown_address_is_404_in_stripes_shape()
    {
        (await sandbox.GetAsync("/v1/customers")).Body["error"]!["type"]!.GetValue<string>().ShouldBe("invalid_request_error");
        (await sandbox.GetAsync("/v1/payment_intents/pi_none")).ErrorCode.ShouldBe("resource_missing");
    }
}
