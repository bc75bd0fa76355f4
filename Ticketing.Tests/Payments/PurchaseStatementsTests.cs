using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>
/// What one purchase by card asks of the databases and of Stripe, from the reservation to the captured money: a purchase alone, whose
/// events each come by themselves. Under load one statement serves several. Of a few purchases the one counts that asked for the least:
/// on a busy machine an event of Stripe's can come so late that it is looked up.
/// </summary>
public sealed partial class PurchaseStatementsTests(Servers servers, ITestOutputHelper output)
{
    private const int Purchases = 3;

    /// <summary>What services do all the time, whether anybody buys or not; the relay's look at the outbox serves all that is there.</summary>
    private static readonly string[] Regular =
        ["DELETE FROM outbox WHERE seq = ANY", "FROM outbox", "SHOW transaction_read_only", "look_at <", "expires_at <=", "BEGIN", "COMMIT", "ROLLBACK"];

    [Fact]
    public async Task A_purchase_asks_its_databases_and_stripe_for_no_more_than_it_needs()
    {
        var platform = await TestPlatform.CreateAsync(servers, "orders", "payments");
        var (orders, payments) = (platform.Hear("orders"), platform.Hear("payments"));
        await using var shop = await PayingShop.OpenOnAsync(platform, tickets: 1 + Purchases);
        // The first one reads what is read once.
        await PurchaseAsync(shop);
        Take();
        var asked = new List<(Asked Orders, Asked Payments)>();
        for (var purchase = 0; purchase < Purchases; purchase++)
        {
            using var stripe = new StripeCalls();
            var id = await PurchaseAsync(shop);
            await Eventually.HoldsAsync(() => Task.FromResult(Events(shop, id).Count() >= 6), "all that is told of it is heard");
            asked.Add(Take());
            stripe.Operations.ShouldBe(["create_intent", "confirm", "capture"]);
            Events(shop, id).ShouldBe(
                ["OrderCreated", "PaymentStarted", "OrderPaymentStateChanged", "PaymentAuthorized", "OrderCompleted", "PaymentCaptured"], ignoreOrder: true);
        }

        asked.Select(purchase => purchase.Orders).MinBy(least => least.Statements).ShouldBe(new Asked(RoundTrips: 4, Statements: 7, Writing: 4));
        asked.Select(purchase => purchase.Payments).MinBy(least => least.Statements)
            .ShouldBe(new Asked(RoundTrips: 11, Statements: 17, Writing: 10));

        (Asked Orders, Asked Payments) Take() => (Count("Orders", orders), Count("Payments", payments));
    }

    private static async Task<Guid> PurchaseAsync(PayingShop shop)
    {
        var order = await shop.PlaceAsync();
        await using var payments = await shop.Platform.OpenAsync("payments");
        // Otherwise Payments asks Orders for it.
        await Eventually.BecomesAsync(() => payments.ExecuteScalarAsync<long>("SELECT count(*) FROM orders WHERE id = @Id", new { order.Id }), 1L);
        (await shop.PayAsync(order)).ShouldBe(201);
        await using var orders = await shop.Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(
            () => orders.ExecuteScalarAsync<string>("SELECT payment_status FROM orders WHERE id = @Id", new { order.Id }), PaymentStatus.Captured);
        await Eventually.BecomesAsync(
            () => payments.ExecuteScalarAsync<string>("SELECT status FROM orders WHERE id = @Id AND leased_by IS NULL", new { order.Id }), OrderStatus.Complete);
        return order.Id;
    }

    private Asked Count(string service, StatementProxy proxy)
    {
        var trips = proxy.TakeHeard().Select(trip => trip.Select(statement => Blanks().Replace(statement, " ").Trim()).ToList())
            .Where(trip => !trip.Exists(statement => Regular.Any(regular => statement.Contains(regular, StringComparison.Ordinal)))).ToList();
        foreach (var trip in trips)
            output.WriteLine($"{service}: {string.Join(" ; ", trip.Select(statement => statement.Length > 100 ? statement[..100] : statement))}");
        return new(trips.Count, trips.Sum(trip => trip.Count), trips.Count(trip => trip.Exists(statement => Writing().IsMatch(statement))));
    }

    private static IEnumerable<string> Events(PayingShop shop, Guid order)
    {
        return
        [
            .. Told<OrderCreated>(told => told.Order.Id), .. Told<OrderPaymentStateChanged>(told => told.Order.Id), .. Told<OrderCompleted>(told => told.Order.Id),
            .. Told<PaymentStarted>(told => told.Payment.OrderId), .. Told<PaymentAuthorized>(told => told.Payment.OrderId),
            .. Told<PaymentCaptured>(told => told.Payment.OrderId),
        ];

        IEnumerable<string> Told<T>(Func<T, Guid> of) => shop.Platform.Broker.Heard<T>(told => of(told) == order).Select(_ => typeof(T).Name);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("INSERT|UPDATE [a-z]+ SET|DELETE")]
    private static partial Regex Writing();

    /// <summary>What was asked of a database.</summary>
    private readonly record struct Asked(int RoundTrips, int Statements, int Writing);

    /// <summary>The calls to Stripe since it was made.</summary>
    private sealed class StripeCalls : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly List<string> operations = [];

        public StripeCalls()
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "ticketing.stripe.request.duration")
                    listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag.Key == "ticketing.stripe.operation")
                    {
                        lock (operations)
                            operations.Add((string)tag.Value!);
                    }
                }
            });
            listener.Start();
        }

        public IReadOnlyList<string> Operations
        {
            get
            {
                lock (operations)
                    return [.. operations];
            }
        }

        public void Dispose() => listener.Dispose();
    }
}
