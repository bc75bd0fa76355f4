using System.Net;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Flaws;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Races;

/// <summary>
/// A thousand clients of two replicas who end the same hundred orders in every way there is, at the same time: the buyer
/// cancels in four tabs, two payments are authorized and told twice each, and the time is up and told twice.
/// </summary>
public sealed class EndRaceTests(Servers servers)
{
    private const int Orders = 100;
    private const int EachOrder = 10;

    [Fact]
    public async Task However_an_order_ends_it_ends_once_and_the_stock_adds_up() => (await RaceAsync([])).ShouldBeEmpty();

    [Fact]
    public async Task Control_when_a_payment_does_not_look_at_its_order_the_same_race_goes_wrong()
    {
        var guard = Flaw05CancelledOrderCompletedTests.OnlyOpenOrders;

        (await RaceAsync([guard])).ShouldNotBeEmpty();

        guard.ShouldHaveBeenApplied();
    }

    /// <summary>What went wrong.</summary>
    private async Task<IReadOnlyList<string>> RaceAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        var replica = await shop.Platform.StartAsync<Ticketing.Orders.Order>();
        var listing = await shop.ListAsync(Orders);
        var orders = await Task.WhenAll(Enumerable.Range(0, Orders).Select(_ => shop.PlaceAsync(listing)));
        using var crowd = await Crowd.GatherAsync(
            Orders * EachOrder, index => (index % 2 == 0 ? shop.Orders : replica).As(orders[index / EachOrder].UserId));
        shop.Platform.Clock.Turn(TimeSpan.FromSeconds(60));

        var answers = await crowd.ActAsync((client, index) => EndAsync(shop, orders[index / EachOrder], client, index % EachOrder));

        await using var connection = await shop.Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(() => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM verdicts"), 2L * Orders);
        await Eventually.BecomesAsync(shop.OutboxDepthAsync, 0L);
        foreach (var queue in new[] { Topology.OrdersPayments, Topology.OrdersExpiration })
            await Eventually.BecomesAsync(() => shop.Platform.QueueDepthAsync(queue), 0U);
        await Eventually.HoldsAsync(() => Task.FromResult(Verdicts(shop) == 2 * Orders), "every verdict is told");

        var wrong = new List<string>();
        foreach (var (order, cancellations) in orders.Zip(answers.Chunk(EachOrder)))
            wrong.AddRange(await CheckAsync(shop, order, [.. cancellations.OfType<HttpStatusCode>()]));
        var sold = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders WHERE status = 'complete'");
        if (await shop.AvailableAsync(listing.Id) is var available && available != Orders - sold)
            wrong.Add($"{available} are available of {Orders}, and {sold} are sold");
        return wrong;
    }

    private static int Verdicts(OrdersShop shop) =>
        shop.Platform.Broker.Heard<OrderCompleted>().Count + shop.Platform.Broker.Heard<PaymentRefused>().Count;

    /// <summary>One way to end an order; the answer where there is one.</summary>
    private static async Task<HttpStatusCode?> EndAsync(OrdersShop shop, OrderResponse order, HttpClient client, int way)
    {
        switch (way)
        {
            case < 4:
                using (var answer = await client.DeleteAsync($"/api/orders/{order.Id}"))
                    return answer.StatusCode;
            case < 8:
                var intent = $"pi_{order.Id:N}_{way % 2}";
                await shop.Platform.Broker.PublishAsync(new PaymentAuthorized(shop.Payment(order, PaymentStatus.Authorized, 1, intent)));
                return null;
            default:
                await shop.Platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));
                return null;
        }
    }

    private static async Task<IEnumerable<string>> CheckAsync(
        OrdersShop shop, OrderResponse order, IReadOnlyList<HttpStatusCode> cancellations)
    {
        var end = await shop.SeeAsync(order);
        var completed = shop.Platform.Broker.Heard<OrderCompleted>(told => told.Order.Id == order.Id);
        var refused = shop.Platform.Broker.Heard<PaymentRefused>(told => told.OrderId == order.Id);
        var cancelled = shop.Platform.Broker.Heard<OrderCancelled>(told => told.Order.Id == order.Id);
        var versions = completed.Select(told => told.Order.Version).Concat(cancelled.Select(told => told.Order.Version)).Order();
        return new (bool Wrong, string What)[]
        {
            (end.Status is not (OrderStatus.Complete or OrderStatus.Cancelled), $"it has not ended: {end.Status}"),
            (completed.Count != (end.Status == OrderStatus.Complete ? 1 : 0), $"{end.Status}, and told complete {completed.Count} times"),
            (completed.Count + refused.Count != 2, $"{completed.Count + refused.Count} verdicts on 2 payments"),
            (cancellations.Any(answer => answer != (end.Status == OrderStatus.Cancelled ? HttpStatusCode.NoContent : HttpStatusCode.BadRequest)),
                $"{end.Status}, and its buyer was answered {string.Join(", ", cancellations)}"),
            (!versions.SequenceEqual(Enumerable.Range(1, end.Version)), $"its versions were {string.Join(", ", versions)}"),
        }.Where(check => check.Wrong).Select(check => $"{order.Id}: {check.What}");
    }
}
