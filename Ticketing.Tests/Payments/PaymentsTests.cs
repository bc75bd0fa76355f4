using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.StripeSandbox;
using Ticketing.Tests.Web;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>Payments with a sandbox of its own and a stand-in for Orders, for one test class.</summary>
public sealed class PaymentsFixture(Servers servers) : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    internal Sandbox Sandbox { get; } = new();

    internal StubService Orders { get; private set; } = null!;

    internal TestService<PaymentLedger> Payments { get; private set; } = null!;

    internal string WebhookSecret { get; private set; } = null!;

    /// <summary>The guards that Payments runs without.</summary>
    internal IReadOnlyList<Mutation> Without { get; init; } = [];

    public async ValueTask InitializeAsync()
    {
        Platform = (await TestPlatform.CreateAsync(servers, "payments")).Without(Without);
        Orders = await StubService.StartAsync();
        Orders.Answers(404);
        await Sandbox.InitializeAsync();
        // The endpoint exists before the service does, since the service needs its secret.
        var endpoint = (await Sandbox.PostAsync("/v1/webhook_endpoints", "url=http://127.0.0.1:9/&enabled_events[]=*")).Ok();
        WebhookSecret = endpoint.Text("secret");
        Platform.With("Stripe:BaseAddress", Sandbox.Service.Address.ToString())
            .With("Stripe:SecretKey", Sandbox.Key)
            .With("Stripe:WebhookSecret", WebhookSecret)
            .With("Site:PublicOrigin", "https://shop.test")
            .With("services:orders:http:0", Orders.Address.ToString())
            // Traces are recorded where they are exported; nobody need be there.
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        Payments = await Platform.StartAsync<PaymentLedger>();
        (await Sandbox.PostAsync($"/v1/webhook_endpoints/{endpoint.Id}", $"url={Payments.Address}api/payments/webhook")).Ok();
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Orders.DisposeAsync();
    }
}

/// <summary>What the tests of Payments do again and again; orders and verdicts are made by events.</summary>
public abstract class PaymentsTests(PaymentsFixture fixture) : IClassFixture<PaymentsFixture>
{
    internal TestPlatform Platform => fixture.Platform;

    internal Sandbox Sandbox => fixture.Sandbox;

    internal StubService Orders => fixture.Orders;

    internal TestService<PaymentLedger> Payments => fixture.Payments;

    internal string WebhookSecret => fixture.WebhookSecret;

    internal static OrderState Order(long amount = 1999, string status = OrderStatus.Created, int version = 0, string currency = "usd") => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1, amount, currency, status, null,
        DateTimeOffset.UnixEpoch.AddYears(100), DateTimeOffset.UnixEpoch, "Concert", amount, 0, null, null, version);

    /// <summary>An order that Payments knows.</summary>
    internal async Task<OrderState> PlaceAsync(long amount = 1999, string currency = "usd")
    {
        var order = Order(amount, currency: currency);
        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.Created, 0));
        return order;
    }

    internal async Task<(string Status, int Version)?> ReplicaAsync(OrderState order)
    {
        await using var connection = await Platform.OpenAsync("payments");
        return await connection.QuerySingleOrDefaultAsync<(string, int)?>("SELECT status, version FROM orders WHERE id = @Id", new { order.Id });
    }

    internal async Task<HttpResponseMessage> PayAsync(OrderState order, string token = "tok_visa", Guid? by = null)
    {
        using var client = Payments.As(by ?? order.UserId);
        return await client.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token });
    }

    /// <summary>Pays with success; the answer's body.</summary>
    internal async Task<JsonNode> PaidAsync(OrderState order, string token = "tok_visa")
    {
        using var answer = await PayAsync(order, token);
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(201, body);
        return JsonNode.Parse(body)!;
    }

    /// <summary>Opens the hosted page; its address.</summary>
    internal async Task<string> CheckoutAsync(OrderState order)
    {
        using var client = Payments.As(order.UserId);
        using var answer = await client.PostAsJsonAsync("/api/payments/checkout", new { orderId = order.Id });
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(201, body);
        return JsonNode.Parse(body)!["url"]!.GetValue<string>();
    }

    internal async Task<string?> StatusAsync(OrderState order)
    {
        using var client = Payments.As(order.UserId);
        using var answer = await client.GetAsync($"/api/payments/{order.Id}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]?.ToString();
    }

    internal Task BecomesAsync(OrderState order, string status) => Eventually.BecomesAsync(() => StatusAsync(order), status);

    /// <summary>The verdict for a payment, as Orders gives it.</summary>
    internal Task CompleteAsync(PaymentState payment, OrderState order) => Platform.Broker.PublishAsync(new OrderCompleted(
        order with { Status = OrderStatus.Complete, PaymentId = payment.Id, PaymentIntentId = payment.IntentId, Version = order.Version + 2 }));

    internal Task RefuseAsync(PaymentState payment) => Platform.Broker.PublishAsync(
        new PaymentRefused(payment.OrderId, payment.Id, payment.IntentId, "cancelled"));

    internal Task CancelAsync(OrderState order) => Platform.Broker.PublishAsync(
        new OrderCancelled(order with { Status = OrderStatus.Cancelled, Reason = CancelReason.Expired, Version = order.Version + 1 }));

    internal async Task<PaymentState> AuthorizedAsync(OrderState order) =>
        (await Platform.Broker.HearAsync<PaymentAuthorized>(told => told.Payment.OrderId == order.Id)).Payment;

    /// <summary>The states of an order's intents in the sandbox's books.</summary>
    internal async Task<IReadOnlyList<string>> IntentsAsync(OrderState order) =>
        [.. (await BooksAsync("payment_intents", order)).Select(intent => intent["status"]!.GetValue<string>())];

    /// <summary>How often the bank was asked for an order's money and agreed.</summary>
    internal async Task<int> ChargesAsync(OrderState order) =>
        (await BooksAsync("charges", order)).Count(charge => charge["status"]!.GetValue<string>() == "succeeded");

    internal async Task<List<JsonNode>> BooksAsync(string kind, OrderState order) =>
        [.. (await Sandbox.GetAsync("/sandbox/books")).Body[kind]!.AsArray()
            .Where(entry => entry!["metadata"]!["order_id"]?.GetValue<string>() == order.Id.ToString()).Select(entry => entry!)];
}
