using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.StripeSandbox;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>Payments and the real Orders, over the real broker: what the buyer and the stock see of it.</summary>
public sealed class WithOrdersTests(Servers servers) : IAsyncLifetime
{
    private readonly Sandbox sandbox = new();
    private readonly Guid buyer = Guid.CreateVersion7();
    private readonly ListingState listing = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), "Concert", 1999, "usd", 1, null, null, null, DateTimeOffset.UnixEpoch, 0);

    private TestPlatform platform = null!;
    private HttpClient orders = null!;
    private HttpClient payments = null!;

    public async ValueTask InitializeAsync()
    {
        await sandbox.InitializeAsync();
        platform = await TestPlatform.CreateAsync(servers, "orders", "payments");
        var ordersService = await platform.StartAsync<Ticketing.Orders.Order>();
        var endpoint = (await sandbox.PostAsync("/v1/webhook_endpoints", "url=http://127.0.0.1:9/&enabled_events[]=*")).Ok();
        platform.With("Stripe:BaseAddress", sandbox.Service.Address.ToString())
            .With("Stripe:SecretKey", Sandbox.Key)
            .With("Stripe:WebhookSecret", endpoint.Text("secret"))
            .With("services:orders:http:0", ordersService.Address.ToString());
        var paymentsService = await platform.StartAsync<PaymentLedger>();
        (await sandbox.PostAsync($"/v1/webhook_endpoints/{endpoint.Id}", $"url={paymentsService.Address}api/payments/webhook")).Ok();
        (orders, payments) = (ordersService.As(buyer), paymentsService.As(buyer));
        await platform.Broker.PublishAsync(new TicketCreated(listing));
        await Eventually.BecomesAsync(AvailableAsync, 1);
    }

    public async ValueTask DisposeAsync()
    {
        orders.Dispose();
        payments.Dispose();
        await platform.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_payment_completes_its_order_and_is_captured_in_well_under_a_second_each()
    {
        var order = await PlaceAsync();
        (await PayAsync(order, "tok_chargeDeclined")).ShouldBe(400);
        await Eventually.BecomesAsync(() => OrderStatusAsync(order), OrderStatus.Created);

        (await PayAsync(order)).ShouldBe(201);

        await Eventually.BecomesAsync(() => OrderStatusAsync(order), OrderStatus.Complete);
        await Eventually.BecomesAsync(() => PaymentStatusAsync(order), PaymentStatus.Captured);
    }

    [Fact]
    public async Task A_page_and_a_card_paid_at_once_sell_the_ticket_once()
    {
        var order = await PlaceAsync();
        using var answer = await payments.PostAsJsonAsync("/api/payments/checkout", new { orderId = order.Id });
        var page = (await answer.Content.ReadFromJsonAsync<CheckoutResponse>())!.Url;

        var card = PayAsync(order);
        await sandbox.PayAsync(page, "4242 4242 4242 4242");
        (await card).ShouldBe(201);

        await Eventually.BecomesAsync(() => OrderStatusAsync(order), OrderStatus.Complete);
        await Eventually.BecomesAsync(() => PaymentStatusAsync(order), PaymentStatus.Captured);
        await Eventually.HoldsAsync(async () => !(await IntentsAsync()).Contains("requires_capture"), "no money is held any more");
        (await IntentsAsync()).Count(status => status == "succeeded").ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_after_the_buyer_cancelled_is_let_go()
    {
        var order = await PlaceAsync();
        using var answer = await payments.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token = "tok_threeDSecure2Required" });
        var bank = (await answer.Content.ReadFromJsonAsync<PayResponse>())!.Url!;
        await sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        await sandbox.AnswerChallengeAsync(bank, "complete");

        (await orders.DeleteAsync($"/api/orders/{order.Id}")).EnsureSuccessStatusCode();

        await Eventually.BecomesAsync(() => PaymentStatusAsync(order), PaymentStatus.Released);
        (await IntentsAsync()).ShouldBe(["canceled"]);
        (await OrderStatusAsync(order)).ShouldBe(OrderStatus.Cancelled);
        (await AvailableAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_late_payment_gets_the_ticket_if_it_is_still_free()
    {
        var order = await PlaceAsync();
        using var answer = await payments.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token = "tok_threeDSecure2Required" });
        var bank = (await answer.Content.ReadFromJsonAsync<PayResponse>())!.Url!;
        await Eventually.BecomesAsync(() => OrderStatusAsync(order), OrderStatus.AwaitingPayment);
        await sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        await sandbox.AnswerChallengeAsync(bank, "complete");

        platform.Clock.Turn(TimeSpan.FromMinutes(5));
        await platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));

        await Eventually.BecomesAsync(() => PaymentStatusAsync(order), PaymentStatus.Captured);
        (await OrderStatusAsync(order)).ShouldBe(OrderStatus.Complete);
        (await AvailableAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_capture_that_fails_for_good_gives_the_ticket_back()
    {
        var order = await PlaceAsync();
        // The capture is refused until the bank has let the money go.
        await sandbox.OrderFaultAsync(new { path = "/v1/payment_intents/*/capture", when = "before", status = 500, times = 3 });
        (await PayAsync(order)).ShouldBe(201);
        var authorized = await platform.Broker.HearAsync<PaymentAuthorized>();
        await sandbox.PostAsync($"/sandbox/payment_intents/{authorized.Payment.IntentId}/lapse");

        await Eventually.BecomesAsync(() => OrderStatusAsync(order), OrderStatus.Cancelled);

        await Eventually.BecomesAsync(() => PaymentStatusAsync(order), PaymentStatus.Failed);
        await Eventually.BecomesAsync(AvailableAsync, 1);
    }

    private async Task<OrderResponse> PlaceAsync()
    {
        using var answer = await orders.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrderResponse>())!;
    }

    private async Task<int> PayAsync(OrderResponse order, string token = "tok_visa")
    {
        using var answer = await payments.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token });
        return (int)answer.StatusCode;
    }

    private async Task<string?> OrderStatusAsync(OrderResponse order) =>
        (await orders.GetFromJsonAsync<OrderResponse>($"/api/orders/{order.Id}"))!.Status;

    private async Task<string?> PaymentStatusAsync(OrderResponse order) =>
        (await payments.GetFromJsonAsync<PaymentResponse>($"/api/payments/{order.Id}"))!.Status;

    private async Task<int?> AvailableAsync()
    {
        await using var connection = await platform.OpenAsync("orders");
        return await connection.QuerySingleOrDefaultAsync<int?>("SELECT available FROM listings WHERE id = @Id", new { listing.Id });
    }

    private async Task<IReadOnlyList<string>> IntentsAsync() =>
        [.. (await sandbox.GetAsync("/sandbox/books")).Body["payment_intents"]!.AsArray().Select(intent => intent!["status"]!.GetValue<string>())];
}
