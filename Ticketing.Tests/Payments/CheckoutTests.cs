using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class CheckoutTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task The_hosted_page_pays_the_order_and_leads_back_to_it()
    {
        var order = await PlaceAsync();
        var page = await CheckoutAsync(order);
        (await Platform.Broker.HearAsync<PaymentStarted>(told => told.Payment.OrderId == order.Id)).Payment.IntentId.ShouldBe("");
        (await CheckoutAsync(order)).ShouldBe(page);
        (await Sandbox.PayAsync(page, "4000 0000 0000 0002")).Html.ShouldContain($"href=\"https://shop.test/orders/{order.Id}\"", customMessage: "the way back");
        using var buyer = Payments.As(order.UserId);
        await Eventually.BecomesAsync(ReadAsync, (PaymentStatus.Pending, page, "Your card was declined."));

        (await Sandbox.PayAsync(page, "4242 4242 4242 4242")).Location.ShouldBe($"https://shop.test/orders/{order.Id}?checkout=done");

        var authorized = await AuthorizedAsync(order);
        await CompleteAsync(authorized, order);
        await BecomesAsync(order, PaymentStatus.Captured);
        (await IntentsAsync(order)).ShouldBe(["succeeded"]);
        Platform.Broker.Heard<PaymentFailed>(told => told.Payment.OrderId == order.Id).ShouldBeEmpty("the page lets another card be tried");
        (await ReadAsync()).ShouldBe((PaymentStatus.Captured, null, null));
        await (await buyer.PostAsJsonAsync("/api/payments/checkout", new { orderId = order.Id })).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        async Task<(string Status, string? Url, string? Failure)> ReadAsync()
        {
            var payment = (await buyer.GetFromJsonAsync<PaymentResponse>($"/api/payments/{order.Id}"))!;
            return (payment.Status, payment.Url, payment.Failure);
        }
    }

    [Fact]
    public async Task The_page_is_closed_with_the_order()
    {
        var order = await PlaceAsync();
        var page = await CheckoutAsync(order);
        await Sandbox.PayAsync(page, "4000 0000 0000 0002");

        await CancelAsync(order);

        await BecomesAsync(order, PaymentStatus.Released);
        (await BooksAsync("sessions", order)).Single()["status"]!.ToString().ShouldBe("expired");
        (await IntentsAsync(order)).ShouldBe(["canceled"]);
        (await Sandbox.PayAsync(page, "4242 4242 4242 4242")).Html.ShouldContain("expired");
        using var client = Payments.As(order.UserId);
        await (await client.PostAsJsonAsync("/api/payments/checkout", new { orderId = order.Id })).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_page_paid_just_before_the_order_ended_waits_for_the_verdict()
    {
        var order = await PlaceAsync();
        var page = await CheckoutAsync(order);
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        try
        {
            await Sandbox.PayAsync(page, "4242 4242 4242 4242");

            await CancelAsync(order);

            var authorized = await AuthorizedAsync(order);
            (await IntentsAsync(order)).ShouldBe(["requires_capture"]);
            await RefuseAsync(authorized);
            await BecomesAsync(order, PaymentStatus.Released);
            (await IntentsAsync(order)).ShouldBe(["canceled"]);
        }
        finally
        {
            await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        }
    }

    [Fact]
    public async Task A_card_and_a_page_at_once_get_a_verdict_each_and_one_of_them_the_money()
    {
        var order = await PlaceAsync();
        var page = await CheckoutAsync(order);
        await PaidAsync(order);
        await Sandbox.PayAsync(page, "4242 4242 4242 4242");
        await Eventually.HoldsAsync(
            () => Task.FromResult(Platform.Broker.Heard<PaymentAuthorized>(told => told.Payment.OrderId == order.Id).Count == 2),
            "both authorizations are told");
        var both = Platform.Broker.Heard<PaymentAuthorized>(told => told.Payment.OrderId == order.Id);

        await RefuseAsync(both[1].Payment);
        await CompleteAsync(both[0].Payment, order);

        await BecomesAsync(order, PaymentStatus.Captured);
        await Eventually.HoldsAsync(async () => (await IntentsAsync(order)).Order().SequenceEqual(["canceled", "succeeded"]), "one is taken and one let go");
        (await StatusAsync(order)).ShouldBe(PaymentStatus.Captured);
    }

    [Fact]
    public async Task When_the_order_is_paid_by_card_its_open_page_is_closed()
    {
        var order = await PlaceAsync();
        await CheckoutAsync(order);
        await PaidAsync(order);

        await CompleteAsync(await AuthorizedAsync(order), order);

        await BecomesAsync(order, PaymentStatus.Captured);
        await Eventually.HoldsAsync(async () => (await BooksAsync("sessions", order)).Single()["status"]!.ToString() == "expired", "the page is closed");
        Platform.Broker.Heard<PaymentReleased>(told => told.Payment.OrderId == order.Id).ShouldBeEmpty();
    }
}
