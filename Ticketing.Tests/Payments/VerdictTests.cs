using System.Net;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class VerdictTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task The_replica_takes_the_newest_news_in_whatever_order_they_come()
    {
        var order = await PlaceAsync();
        await Platform.Broker.PublishAsync(new OrderPaymentStateChanged(order with { Status = OrderStatus.AwaitingPayment, Version = 3 }));
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.AwaitingPayment, 3));

        await Platform.Broker.PublishAsync(new OrderPaymentStateChanged(order with { Version = 2 }));
        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Platform.Broker.PublishAsync(new OrderCancelled(order with { Status = OrderStatus.Cancelled, Version = 1 }));
        await CancelAsync(await PlaceAsync());

        (await ReplicaAsync(order)).ShouldBe((OrderStatus.AwaitingPayment, 3));
    }

    [Fact]
    public async Task A_verdict_delivered_five_times_captures_once()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        var authorized = await AuthorizedAsync(order);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CompleteAsync(authorized, order)));

        await BecomesAsync(order, PaymentStatus.Captured);
        await CompleteAsync(authorized, order);
        await RefuseAsync(authorized);
        await CancelAsync(order);
        await PlaceAsync();
        (await StatusAsync(order)).ShouldBe(PaymentStatus.Captured);
        (await IntentsAsync(order)).ShouldBe(["succeeded"]);
        Platform.Broker.Heard<PaymentCaptured>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_late_payment_that_is_refused_is_let_go()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        var authorized = await AuthorizedAsync(order);
        await CancelAsync(order);
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.Cancelled, 1));
        (await PaidAsync(order))["status"]!.ToString().ShouldBe("authorized", "the verdict is not there yet");

        await RefuseAsync(authorized);
        await RefuseAsync(authorized);

        await BecomesAsync(order, PaymentStatus.Released);
        (await IntentsAsync(order)).ShouldBe(["canceled"]);
        (await Platform.Broker.HearAsync<PaymentReleased>(told => told.Payment.OrderId == order.Id)).Payment.IntentId.ShouldBe(authorized.IntentId);
        Platform.Broker.Heard<PaymentReleased>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
        await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_late_payment_that_completes_the_order_after_all_is_captured()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        await CancelAsync(order);

        await CompleteAsync(await AuthorizedAsync(order), order);

        await BecomesAsync(order, PaymentStatus.Captured);
    }

    [Fact]
    public async Task The_completion_captures_even_if_the_replica_is_newer_already()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        await Platform.Broker.PublishAsync(new OrderPaymentStateChanged(order with { Status = OrderStatus.Complete, Version = 9 }));
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.Complete, 9));

        await CompleteAsync(await AuthorizedAsync(order), order);

        await BecomesAsync(order, PaymentStatus.Captured);
    }

    [Fact]
    public async Task A_cancelled_order_stops_a_card_that_waits_for_its_holder()
    {
        var order = await PlaceAsync();
        var asked = await PaidAsync(order, "tok_threeDSecure2Required");

        await CancelAsync(order);
        await CancelAsync(order);

        await BecomesAsync(order, PaymentStatus.Released);
        (await IntentsAsync(order)).ShouldBe(["canceled"]);
        using var browser = Sandbox.Service.Anonymous();
        (await browser.GetAsync(asked["url"]!.ToString())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_card_answered_just_before_the_order_ended_waits_for_the_verdict()
    {
        var order = await PlaceAsync();
        var asked = await PaidAsync(order, "tok_threeDSecure2Required");
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        try
        {
            await Sandbox.AnswerChallengeAsync(asked["url"]!.ToString(), "complete");

            await CancelAsync(order);

            await AuthorizedAsync(order);
            (await IntentsAsync(order)).ShouldBe(["requires_capture"]);
        }
        finally
        {
            await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        }
    }

    [Fact]
    public async Task Money_that_the_bank_let_go_fails_the_capture_for_good()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        var authorized = await AuthorizedAsync(order);
        await Sandbox.PostAsync($"/sandbox/payment_intents/{authorized.IntentId}/lapse");

        await CompleteAsync(authorized, order);

        var failed = (await Platform.Broker.HearAsync<PaymentFailed>(told => told.Payment.OrderId == order.Id)).Payment;
        (failed.Status, failed.IntentId).ShouldBe((PaymentStatus.Failed, authorized.IntentId));
        (await StatusAsync(order)).ShouldBe(PaymentStatus.Failed);
    }

    [Fact]
    public async Task Verdicts_on_what_is_not_known_harm_nothing()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        var authorized = await AuthorizedAsync(order);

        await RefuseAsync(authorized with { Id = Guid.CreateVersion7() });
        await RefuseAsync(authorized with { IntentId = "pi_other" });
        await CompleteAsync(authorized with { IntentId = "pi_other" }, await PlaceAsync());
        await PlaceAsync();

        (await StatusAsync(order)).ShouldBe(PaymentStatus.Authorized);
    }
}
