using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>Payments and the real Orders, over the real broker: what the buyer and the stock see of it.</summary>
public sealed class WithOrdersTests(Servers servers) : IAsyncLifetime
{
    private PayingShop shop = null!;

    public async ValueTask InitializeAsync() => shop = await PayingShop.OpenAsync(servers);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task A_payment_completes_its_order_and_is_captured_in_well_under_a_second_each()
    {
        var order = await shop.PlaceAsync();
        (await shop.PayAsync(order, "tok_chargeDeclined")).ShouldBe(400);
        await shop.OrderBecomesAsync(order, OrderStatus.Created);

        (await shop.PayAsync(order)).ShouldBe(201);

        await shop.OrderBecomesAsync(order, OrderStatus.Complete);
        await shop.PaymentBecomesAsync(order, PaymentStatus.Captured);
    }

    [Fact]
    public async Task A_page_and_a_card_paid_at_once_sell_the_ticket_once()
    {
        var order = await shop.PlaceAsync();
        var page = await shop.CheckoutAsync(order);

        var card = shop.PayAsync(order);
        await shop.Sandbox.PayAsync(page, "4242 4242 4242 4242");
        (await card).ShouldBe(201);

        await shop.OrderBecomesAsync(order, OrderStatus.Complete);
        await shop.PaymentBecomesAsync(order, PaymentStatus.Captured);
        await Eventually.HoldsAsync(
            async () => !(await shop.IntentStatesAsync()).Contains("requires_capture"), "no money is held any more");
        (await shop.IntentStatesAsync()).Count(status => status == "succeeded").ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_after_the_buyer_cancelled_is_let_go()
    {
        var (order, bank) = await shop.PlaceChallengedAsync();
        await shop.AgreeUnheardAsync(bank);

        (await shop.CancelAsync(order)).ShouldBe(204);

        await shop.PaymentBecomesAsync(order, PaymentStatus.Released);
        (await shop.IntentStatesAsync()).ShouldBe(["canceled"]);
        (await shop.SeeAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
        (await shop.AvailableAsync()).ShouldBe(1);
    }

    /// <summary>What the page goes by, when Stripe did not close its page in time and somebody else has the ticket.</summary>
    [Fact]
    public async Task Of_a_payment_that_came_too_late_it_is_certain_only_once_its_money_is_let_go()
    {
        var order = await shop.PlaceAsync();
        var page = await shop.CheckoutAsync(order);
        await shop.OrderBecomesAsync(order, OrderStatus.AwaitingPayment);
        await shop.Sandbox.OrderFaultAsync(new { path = "/v1/checkout/sessions/*/expire", when = "before", status = 500, times = 1000 });
        shop.Platform.Clock.Turn(TimeSpan.FromMinutes(5));
        await shop.Platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));
        await shop.OrderBecomesAsync(order, OrderStatus.Cancelled);
        var other = await shop.PlaceAsync();
        (await shop.PayAsync(other)).ShouldBe(201);
        await shop.OrderBecomesAsync(other, OrderStatus.Complete);
        (await shop.PaymentAsync(order)).Final.ShouldBe(false, "the page is still open");

        await shop.Sandbox.PayAsync(page, "4242 4242 4242 4242");
        (await shop.PaymentAsync(order)).Final.ShouldBe(false, "the money is held");
        await shop.Sandbox.Client.DeleteAsync("/sandbox/faults");
        shop.Platform.Clock.Turn(TimeSpan.FromMinutes(1));

        await Eventually.BecomesAsync(async () => (await shop.PaymentAsync(order)).Final, true);
        var payment = await shop.PaymentAsync(order);
        (payment.Status, payment.AuthorizedAt.HasValue).ShouldBe((PaymentStatus.Released, true));
        (await shop.SeeAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
        (await shop.IntentStatesAsync(order)).ShouldBe(["canceled"]);
    }

    [Fact]
    public async Task A_late_payment_gets_the_ticket_if_it_is_still_free()
    {
        var (order, bank) = await shop.PlaceChallengedAsync();
        await shop.AgreeUnheardAsync(bank);

        shop.Platform.Clock.Turn(TimeSpan.FromMinutes(5));
        await shop.Platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));

        await shop.PaymentBecomesAsync(order, PaymentStatus.Captured);
        (await shop.SeeAsync(order)).Status.ShouldBe(OrderStatus.Complete);
        (await shop.AvailableAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_capture_that_fails_for_good_gives_the_ticket_back()
    {
        var order = await shop.PlaceAsync();
        // The capture is refused until the bank has let the money go.
        await shop.Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/capture", when = "before", status = 500, times = 3 });
        (await shop.PayAsync(order)).ShouldBe(201);
        var authorized = await shop.Platform.Broker.HearAsync<PaymentAuthorized>();
        await shop.Sandbox.PostAsync($"/sandbox/payment_intents/{authorized.Payment.IntentId}/lapse");

        await shop.OrderBecomesAsync(order, OrderStatus.Cancelled);

        await shop.PaymentBecomesAsync(order, PaymentStatus.Failed);
        await Eventually.BecomesAsync(shop.AvailableAsync, 1);
    }
}
