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

    /// <summary>Two tabs, or two people: whichever comes first, nobody hears of a card that was not theirs.</summary>
    [Fact]
    public async Task Of_two_cards_at_once_each_is_told_of_itself_and_one_pays()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/confirm", when = "during", delay_ms = 1500 });

        var declined = PayAsync(order, "tok_chargeDeclined");
        await Eventually.HoldsAsync(async () => (await IntentsAsync(order)).Count == 1, "the first card is being tried");
        var paid = await PaidAsync(order);

        (await (await declined).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("Your card was declined.");
        paid["status"]!.ToString().ShouldBe("authorized");
        (await BooksAsync("charges", order)).Select(charge => charge["status"]!.ToString()).ShouldBe(["failed", "succeeded"], ignoreOrder: true);
        (await IntentsAsync(order)).ShouldBe(["requires_capture"]);
    }

    [Fact]
    public async Task Two_cards_at_once_of_which_the_first_pays_charge_once()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/confirm", when = "during", delay_ms = 1500 });

        var paid = PaidAsync(order);
        await Eventually.HoldsAsync(async () => (await IntentsAsync(order)).Count == 1, "the first card is being tried");
        var other = await PaidAsync(order, "tok_chargeDeclined");

        other["id"]!.ToString().ShouldBe((await paid)["id"]!.ToString());
        (await BooksAsync("charges", order)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_card_that_waits_for_another_whose_outcome_stays_open_is_told_so()
    {
        var order = await PlaceAsync();
        await Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/confirm", when = "before", status = 500, times = 100 });
        try
        {
            await (await PayAsync(order, "tok_chargeDeclined")).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

            (await (await PayAsync(order)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable))
                .ShouldBe("Another payment of this order is under way. Nothing is charged twice if you try again.");
        }
        finally
        {
            await Sandbox.Client.DeleteAsync("/sandbox/faults");
        }

        (await PaidAsync(order))["status"]!.ToString().ShouldBe("authorized");
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
