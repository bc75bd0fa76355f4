using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class PayOrderTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task A_card_is_authorized_told_and_taken_only_on_the_verdict()
    {
        var order = await PlaceAsync();

        var paid = await PaidAsync(order);

        paid["status"]!.ToString().ShouldBe("authorized");
        var authorized = await AuthorizedAsync(order);
        authorized.Id.ToString().ShouldBe(paid["id"]!.ToString());
        authorized.Amount.ShouldBe(1999);
        (await IntentsAsync(order)).ShouldBe(["requires_capture"]);
        var started = await Platform.Broker.HearAsync<PaymentStarted>(told => told.Payment.OrderId == order.Id);
        (started.Payment.Version, started.Payment.Attempt, authorized.Version).ShouldBe((0, 1, 1));

        await CompleteAsync(authorized, order);

        await BecomesAsync(order, PaymentStatus.Captured);
        (await IntentsAsync(order)).ShouldBe(["succeeded"]);
        (await Platform.Broker.HearAsync<PaymentCaptured>(told => told.Payment.OrderId == order.Id)).Payment.Status.ShouldBe("captured");
        (await PaidAsync(order)).ToJsonString().ShouldBe(new JsonObject { ["id"] = paid["id"]!.ToString(), ["status"] = "captured" }.ToJsonString());
        (await ChargesAsync(order)).ShouldBe(1);
    }

    [Fact]
    public async Task The_payment_can_be_read_by_its_buyer_only()
    {
        var order = await PlaceAsync(amount: 1050);
        using (var buyer = Payments.As(order.UserId))
        {
            await (await buyer.GetAsync($"/api/payments/{order.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
            var paid = await PaidAsync(order);
            var read = await buyer.GetFromJsonAsync<JsonNode>($"/api/payments/{order.Id}");
            var held = read!["authorizedAt"]!.ToString();
            read.ToJsonString().ShouldBe(
                $$"""{"id":"{{paid["id"]}}","orderId":"{{order.Id}}","status":"authorized","amount":10.50,"currency":"usd","final":false,"authorizedAt":"{{held}}"}""");
            await (await buyer.GetAsync("/api/payments/nonsense")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        }

        await (await Payments.As(Guid.CreateVersion7()).GetAsync($"/api/payments/{order.Id}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await Payments.Anonymous().GetAsync($"/api/payments/{order.Id}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await Payments.Anonymous().GetAsync("/api/payments/nonsense")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("tok_chargeDeclined", "Your card was declined.")]
    [InlineData("tok_chargeDeclinedInsufficientFunds", "Your card has insufficient funds.")]
    [InlineData("tok_nobody", "No such token: 'tok_nobody'")]
    public async Task A_declined_card_is_400_in_stripes_words_and_another_may_be_tried(string token, string words)
    {
        var order = await PlaceAsync();

        (await (await PayAsync(order, token)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe(words);

        var failed = (await Platform.Broker.HearAsync<PaymentFailed>(told => told.Payment.OrderId == order.Id)).Payment;
        (failed.Status, failed.Failure, failed.Attempt).ShouldBe((PaymentStatus.Pending, words, 1));
        (await StatusAsync(order)).ShouldBe(PaymentStatus.Pending);
        (await PaidAsync(order))["id"]!.ToString().ShouldBe(failed.Id.ToString());
        (await AuthorizedAsync(order)).Attempt.ShouldBe(2);
        (await IntentsAsync(order)).ShouldBe(["requires_capture"]);
    }

    [Fact]
    public async Task A_card_that_asks_its_holder_leads_to_the_bank_and_back()
    {
        var order = await PlaceAsync();
        var asked = await PaidAsync(order, "tok_threeDSecure2Required");
        asked["status"]!.ToString().ShouldBe("requires_action");
        (await PaidAsync(order, "tok_threeDSecure2Required"))["url"]!.ToString().ShouldBe(asked["url"]!.ToString());

        var back = await Sandbox.AnswerChallengeAsync(asked["url"]!.ToString(), "complete");

        back!.ShouldStartWith($"https://shop.test/orders/{order.Id}?");
        await BecomesAsync(order, PaymentStatus.Authorized);
        (await AuthorizedAsync(order)).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_challenge_that_fails_declines_and_one_left_open_gives_way_to_another_card()
    {
        var order = await PlaceAsync();
        var asked = await PaidAsync(order, "tok_threeDSecure2Required");
        await Sandbox.AnswerChallengeAsync(asked["url"]!.ToString(), "fail");
        var failed = await Platform.Broker.HearAsync<PaymentFailed>(told => told.Payment.OrderId == order.Id);
        failed.Payment.Failure!.ShouldContain("failed authentication");
        await PaidAsync(order, "tok_threeDSecure2Required");

        (await PaidAsync(order))["status"]!.ToString().ShouldBe("authorized");

        (await AuthorizedAsync(order)).Attempt.ShouldBe(3);
        (await ChargesAsync(order)).ShouldBe(1);
    }

    [Theory]
    [InlineData(49, "usd", "A card cannot pay 0.49 USD: the least is 0.50 USD in one order.")]
    [InlineData(29, "gbp", "A card cannot pay 0.29 GBP: the least is 0.30 GBP in one order.")]
    [InlineData(100_000_000, "usd", "A card cannot pay 1,000,000.00 USD: the most is 999,999.99 USD in one order.")]
    public async Task An_amount_that_stripe_does_not_take_is_400_before_anything(long amount, string currency, string words)
    {
        var order = await PlaceAsync(amount, currency);

        (await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe(words);

        (await StatusAsync(order)).ShouldBe("404");
        Platform.Broker.Heard<PaymentStarted>(told => told.Payment.OrderId == order.Id).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(50, "usd")]
    [InlineData(50, "eur")]
    [InlineData(30, "gbp")]
    [InlineData(50, "cad")]
    [InlineData(50, "aud")]
    [InlineData(99_999_999, "usd")]
    public async Task The_smallest_and_the_largest_amount_are_taken(long amount, string currency) =>
        (await PaidAsync(await PlaceAsync(amount, currency)))["status"]!.ToString().ShouldBe("authorized");

    [Fact]
    public async Task Checks_come_in_the_contracts_order()
    {
        var order = await PlaceAsync(amount: 1);
        var nobody = Guid.CreateVersion7();
        Orders.Answers(404);
        await (await Payments.Anonymous().PostAsJsonAsync("/api/payments", new { orderId = "x" })).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await PayAsync(Order(), "")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "token");
        await (await PayAsync(Order())).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await PayAsync(order, by: nobody)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("""{"orderId":"nonsense","token":"tok_visa"}""")]
    [InlineData("""{"token":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198b2f0-0000-7000-8000-000000000000"}""")]
    [InlineData("""{"orderId":"0198b2f0-0000-7000-8000-000000000000","token":5}""")]
    [InlineData("""{"orderId":"0198b2f0-0000-7000-8000-000000000000","token":"tok visa&amount=1"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_bad_body_is_400(string body)
    {
        using var client = Payments.As(Guid.CreateVersion7());
        foreach (var route in new[] { "/api/payments", "/api/payments/checkout" })
        {
            if (route.EndsWith("checkout", StringComparison.Ordinal) && body.Contains("0198b2f0"))
                continue;
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            await (await client.PostAsync(route, content)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("/api/payments", new[] { "orderId", "token" })]
    [InlineData("/api/payments/checkout", new[] { "orderId" })]
    public async Task All_that_is_wrong_with_a_body_is_told_at_once(string route, string[] fields)
    {
        using var client = Payments.As(Guid.CreateVersion7());
        foreach (var body in (object[])[new { orderId = "no-id" }, new { }])
        {
            using var answer = await client.PostAsJsonAsync(route, body);

            await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "orderId");
            var errors = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray();
            errors.Select(error => error!["field"]!.ToString()).ShouldBe(fields);
            errors[0]!["message"]!.ToString().ShouldBe("This is no id: an id looks like 01980000-0000-7000-8000-000000000000.");
        }
    }

    [Fact]
    public async Task A_cancelled_order_cannot_be_paid()
    {
        var order = await PlaceAsync();
        await CancelAsync(order);
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.Cancelled, 1));

        await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        (await IntentsAsync(order)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_order_whose_event_has_not_come_is_asked_for_in_the_callers_name()
    {
        var order = Order(amount: 1234);
        string? authorization = null;
        Orders.Answers(context =>
        {
            authorization = context.Request.Headers.Authorization;
            return context.Response.WriteAsJsonAsync(
                new OrderResponse(order.Id, order.UserId, order.Status, order.Reason, order.Quantity, Money.FromMinorUnits(order.Amount), order.Currency,
                    order.ExpiresAt, order.CreatedAt, order.Version, new OrderedTicket(order.TicketId, order.TicketTitle, 1m, order.TicketVersion)),
                JsonConventions.Options);
        });

        (await PaidAsync(order))["status"]!.ToString().ShouldBe("authorized");

        authorization.ShouldNotBeNull().ShouldStartWith("Bearer ey");
        (await AuthorizedAsync(order)).Amount.ShouldBe(1234);
        await (await PayAsync(order, by: Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_orders_does_not_answer_it_is_503_not_404()
    {
        Orders.Answers(503);

        var answer = await PayAsync(Order());

        await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }
}
