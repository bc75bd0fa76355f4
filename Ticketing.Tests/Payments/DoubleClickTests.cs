using System.Net;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class DoubleClickTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task Fifty_clicks_at_once_charge_once_and_get_the_same_answer()
    {
        var order = await PlaceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PaidAsync(order)));

        answers.Select(answer => answer["id"]!.ToString()).Distinct().Count().ShouldBe(1);
        (await ChargesAsync(order)).ShouldBe(1);
        (await IntentsAsync(order)).Count.ShouldBe(1);
        await AuthorizedAsync(order);
        Platform.Broker.Heard<PaymentStarted>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Clicks_on_two_replicas_charge_once()
    {
        await using var second = await Platform.StartAsync<PaymentLedger>();
        var order = await PlaceAsync();
        using var here = Payments.As(order.UserId);
        using var there = second.As(order.UserId);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(index =>
            System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(index % 2 == 0 ? here : there, "/api/payments",
                new { orderId = order.Id, token = "tok_visa" })));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        (await ChargesAsync(order)).ShouldBe(1);
    }

    [Fact]
    public async Task Clicks_that_waited_for_a_declined_card_are_told_so_without_asking_the_bank_again()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/confirm", when = "during", delay_ms = 1500 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PayAsync(order, "tok_chargeDeclined")));

        foreach (var answer in answers)
            (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("Your card was declined.");
        (await BooksAsync("charges", order)).Count.ShouldBe(1);
        Platform.Broker.Heard<PaymentStarted>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Checkout_clicks_open_one_page()
    {
        var order = await PlaceAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CheckoutAsync(order)));

        pages.Distinct().Count().ShouldBe(1);
        (await BooksAsync("sessions", order)).Count.ShouldBe(1);
    }
}
