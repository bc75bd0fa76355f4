using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.StripeSandbox;

namespace Ticketing.Tests.Payments;

/// <summary>Payments and the real Orders, over the real broker, with a sandbox of their own and one listing.</summary>
internal sealed class PayingShop : IAsyncDisposable
{
    private TestService<Ticketing.Orders.Order> orders = null!;
    private TestService<PaymentLedger> payments = null!;

    public Sandbox Sandbox { get; } = new();

    public TestPlatform Platform { get; private init; } = null!;

    /// <summary>For 19.99; one ticket, where nothing else is said.</summary>
    public ListingState Listing { get; private set; } = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), "Concert", 1999, "usd", 1, null, null, null, DateTimeOffset.UnixEpoch, 0);

    /// <param name="servers">The shared servers.</param>
    /// <param name="without">The guards that the services run without.</param>
    /// <param name="configurePayments">Replaces registrations of Payments.</param>
    public static async Task<PayingShop> OpenAsync(
        Servers servers, IReadOnlyList<Mutation>? without = null, Action<IServiceCollection>? configurePayments = null) =>
        await OpenOnAsync((await TestPlatform.CreateAsync(servers, "orders", "payments")).Without(without ?? []), configurePayments);

    /// <summary>The same on a platform that was prepared, with the databases of both.</summary>
    public static async Task<PayingShop> OpenOnAsync(TestPlatform platform, Action<IServiceCollection>? configurePayments = null, int tickets = 1)
    {
        var shop = new PayingShop { Platform = platform };
        shop.Listing = shop.Listing with { Quantity = tickets };
        await shop.StartAsync(configurePayments);
        return shop;
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>An order of a new buyer, who is its <c>UserId</c>.</summary>
    public async Task<OrderResponse> PlaceAsync()
    {
        using var client = orders.As(Guid.CreateVersion7());
        using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = Listing.Id });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrderResponse>())!;
    }

    /// <summary>An order whose buyer's bank asks the buyer first: the address of its question.</summary>
    public async Task<(OrderResponse Order, string Bank)> PlaceChallengedAsync()
    {
        var order = await PlaceAsync();
        using var client = payments.As(order.UserId);
        using var answer = await client.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token = "tok_threeDSecure2Required" });
        var bank = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PayResponse>())!.Url!;
        await OrderBecomesAsync(order, OrderStatus.AwaitingPayment);
        return (order, bank);
    }

    /// <summary>The bank agrees, and the webhook that would tell Payments is kept back.</summary>
    public async Task AgreeUnheardAsync(string bank)
    {
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        await Sandbox.AnswerChallengeAsync(bank, "complete");
    }

    /// <summary>The status of the answer.</summary>
    public async Task<int> PayAsync(OrderResponse order, string token = "tok_visa")
    {
        using var client = payments.As(order.UserId);
        using var answer = await client.PostAsJsonAsync("/api/payments", new { orderId = order.Id, token });
        return (int)answer.StatusCode;
    }

    /// <summary>Opens the hosted page: its address.</summary>
    public async Task<string> CheckoutAsync(OrderResponse order)
    {
        using var client = payments.As(order.UserId);
        using var answer = await client.PostAsJsonAsync("/api/payments/checkout", new { orderId = order.Id });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<CheckoutResponse>())!.Url;
    }

    /// <summary>The buyer gives the tickets back: the status of the answer.</summary>
    public async Task<int> CancelAsync(OrderResponse order)
    {
        using var client = orders.As(order.UserId);
        using var answer = await client.DeleteAsync($"/api/orders/{order.Id}");
        return (int)answer.StatusCode;
    }

    /// <summary>The order as its buyer sees it now.</summary>
    public async Task<OrderResponse> SeeAsync(OrderResponse order)
    {
        using var client = orders.As(order.UserId);
        return (await client.GetFromJsonAsync<OrderResponse>($"/api/orders/{order.Id}"))!;
    }

    public Task OrderBecomesAsync(OrderResponse order, string status) =>
        Eventually.BecomesAsync(async () => (await SeeAsync(order)).Status, status);

    public Task PaymentBecomesAsync(OrderResponse order, string status) =>
        Eventually.BecomesAsync(async () => (await PaymentAsync(order)).Status, status);

    /// <summary>The order's payment as its buyer sees it now.</summary>
    public async Task<PaymentResponse> PaymentAsync(OrderResponse order)
    {
        using var client = payments.As(order.UserId);
        return (await client.GetFromJsonAsync<PaymentResponse>($"/api/payments/{order.Id}"))!;
    }

    public async Task<int?> AvailableAsync()
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.QuerySingleOrDefaultAsync<int?>("SELECT available FROM listings WHERE id = @Id", new { Listing.Id });
    }

    /// <summary>The intents in the sandbox's books, of one order or of all.</summary>
    public async Task<IReadOnlyList<JsonNode>> IntentsAsync(OrderResponse? order = null) =>
        [.. (await Sandbox.GetAsync("/sandbox/books")).Body["payment_intents"]!.AsArray()
            .Where(intent => order is null || intent!["metadata"]!["order_id"]?.GetValue<string>() == order.Id.ToString())
            .Select(intent => intent!)];

    /// <summary>Their states.</summary>
    public async Task<IReadOnlyList<string>> IntentStatesAsync(OrderResponse? order = null) =>
        [.. (await IntentsAsync(order)).Select(intent => intent["status"]!.GetValue<string>())];

    private async Task StartAsync(Action<IServiceCollection>? configurePayments)
    {
        await Sandbox.InitializeAsync();
        orders = await Platform.StartAsync<Ticketing.Orders.Order>();
        // The endpoint exists before the service does, since the service needs its secret.
        var endpoint = (await Sandbox.PostAsync("/v1/webhook_endpoints", "url=http://127.0.0.1:9/&enabled_events[]=*")).Ok();
        Platform.With("Stripe:BaseAddress", Sandbox.Service.Address.ToString())
            .With("Stripe:SecretKey", Sandbox.Key)
            .With("Stripe:WebhookSecret", endpoint.Text("secret"))
            .With("services:orders:http:0", orders.Address.ToString());
        payments = await Platform.StartAsync<PaymentLedger>(configurePayments);
        (await Sandbox.PostAsync($"/v1/webhook_endpoints/{endpoint.Id}", $"url={payments.Address}api/payments/webhook")).Ok();
        await Platform.Broker.PublishAsync(new TicketCreated(Listing));
        await Eventually.BecomesAsync(AvailableAsync, Listing.Quantity);
    }
}
