using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>
/// What one purchase asks of the databases and of Stripe, from the reservation to the captured money: a purchase alone, whose
/// events each come by themselves. Under load one statement serves several.
/// </summary>
public sealed partial class PurchaseStatementsTests(Servers servers, ITestOutputHelper output)
{
    /// <summary>What services do all the time, whether anybody buys or not.</summary>
    private static readonly string[] Regular =
        ["DELETE FROM outbox WHERE seq = ANY", "SELECT count(*) FROM (SELECT FROM outbox", "SHOW transaction_read_only", "look_at <=", "unsettled", "BEGIN", "COMMIT", "ROLLBACK"];

    [Fact]
    public async Task A_purchase_asks_its_databases_for_no_more_than_it_needs()
    {
        var platform = await TestPlatform.CreateAsync(servers, "orders", "payments");
        var (orders, payments) = (platform.Hear("orders"), platform.Hear("payments"));
        await using var shop = await PayingShop.OpenOnAsync(platform, tickets: 3);
        // The first one reads what is read once.
        await PurchaseAsync(shop);
        Take(orders);
        Take(payments);

        await PurchaseAsync(shop);

        Show("orders", Take(orders));
        Show("payments", Take(payments));
    }

    private void Show(string service, IReadOnlyList<string> statements)
    {
        output.WriteLine($"{service}: {statements.Count}");
        foreach (var statement in statements)
            output.WriteLine($"  {(statement.Length > 150 ? statement[..150] : statement)}");
    }

    private static async Task PurchaseAsync(PayingShop shop)
    {
        var order = await shop.PlaceAsync();
        (await shop.PayAsync(order)).ShouldBe(201);
        await shop.Platform.Broker.HearAsync<PaymentCaptured>(captured => captured.Payment.OrderId == order.Id);
        await Task.Delay(1500);
    }

    private static IReadOnlyList<string> Take(StatementProxy proxy) =>
        [.. proxy.TakeHeard().Select(statement => Blanks().Replace(statement, " ").Trim())
            .Where(statement => !Regular.Any(regular => statement.Contains(regular, StringComparison.Ordinal)))];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
