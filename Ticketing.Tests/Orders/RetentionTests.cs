using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Data;
using Ticketing.Orders;
using Ticketing.Tests.Flaws;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>What ended unpaid is forgotten some day, and nothing that comes late brings it back.</summary>
public sealed class RetentionTests(OrdersFixture fixture, Servers servers) : OrdersTests(fixture)
{
    [Fact]
    public async Task Unpaid_orders_are_forgotten_after_their_time_and_what_was_ever_sold_or_is_held_never()
    {
        var listing = await ListAsync(quantity: 10);
        var (expired, cancelled, begun) = (await PlaceAsync(listing), await PlaceAsync(listing), await PlaceAsync(listing));
        var (paid, undone) = (await PlaceAsync(listing), await PlaceAsync(listing));
        await PayAsync(paid);
        await PayAsync(undone);
        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(undone, PaymentStatus.Failed, 2)));
        await BecomesAsync(undone, OrderStatus.Cancelled);
        (await CancelAsync(cancelled)).EnsureSuccessStatusCode();
        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(begun, PaymentStatus.Pending, 0)));
        await BecomesAsync(begun, OrderStatus.AwaitingPayment);
        Platform.Clock.Turn(TimeSpan.FromMinutes(5));
        await Platform.Broker.PublishAsync(new ExpirationComplete([expired.Id, begun.Id]));
        await BecomesAsync(begun, OrderStatus.Cancelled);
        await BecomesAsync(expired, OrderStatus.Cancelled);

        Platform.Clock.Turn(Retentions.Kept - TimeSpan.FromMinutes(10));
        await ForgetAsync();
        (await KnownAsync(expired, cancelled, begun, paid, undone)).ShouldBe(5);

        Platform.Clock.Turn(TimeSpan.FromHours(2));
        await ForgetAsync();
        (await KnownAsync(expired, cancelled)).ShouldBe(0);
        (await KnownAsync(begun, paid, undone)).ShouldBe(3);
        using var buyer = Orders.As(expired.UserId);
        (await buyer.GetAsync($"/api/orders/{expired.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await buyer.GetFromJsonAsync<OrderResponse[]>("/api/orders"))!.ShouldBeEmpty();

        Platform.Clock.Turn(Retentions.Past);
        await ForgetAsync();
        (await KnownAsync(begun)).ShouldBe(0);
        Platform.Clock.Turn(10 * Retentions.Past);
        await ForgetAsync();
        (await KnownAsync(paid, undone)).ShouldBe(2);
        (await VerdictsAsync(paid)).ShouldBe(1);
        (await AvailableAsync(listing.Id)).ShouldBe(9);
    }

    [Fact]
    public async Task What_comes_late_for_a_forgotten_order_brings_nothing_back_and_its_money_is_refused()
    {
        (await VerdictsOfLateMoneyAsync(this)).ShouldBe(0);
    }

    [Fact]
    public async Task Control_without_a_look_at_the_order_its_verdict_stays_for_ever()
    {
        var look = new Mutation("orders", "SELECT @intentId, @id, @orderId, @now FROM orders WHERE id = @orderId", "SELECT @intentId, @id, @orderId, @now");
        await using var shop = await OrdersShop.OpenAsync(servers, [look]);

        (await VerdictsOfLateMoneyAsync(shop)).ShouldBe(1);

        look.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task An_order_that_is_paid_in_this_moment_is_passed_over()
    {
        (await IsKeptIfPaidMeanwhileAsync(this)).ShouldBeTrue();
    }

    [Fact]
    public async Task Control_without_the_lock_an_order_is_forgotten_that_has_just_been_paid()
    {
        var locks = new Mutation("orders", "FOR UPDATE SKIP LOCKED ), judged", "), judged");
        await using var shop = await OrdersShop.OpenAsync(servers, [locks]);

        (await IsKeptIfPaidMeanwhileAsync(shop)).ShouldBeFalse();

        locks.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task A_backlog_goes_in_batches_by_two_replicas_at_once()
    {
        await using var connection = await Platform.OpenAsync("orders");
        var old = Platform.Clock.GetUtcNow() - Retentions.Past;
        await connection.ExecuteAsync(
            """
            INSERT INTO orders (id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version, status, reason,
                created_at, hold_ends_at, expires_at)
            SELECT id, gen_random_uuid(), gen_random_uuid(), 1, 100, 'usd', 'Old', 100, 0, 'cancelled', 'expired', @old, @old, @old
            FROM unnest(@ids) AS id
            """,
            new { old, ids = Enumerable.Range(0, 5 * Removal.BatchSize / 2).Select(_ => Guid.CreateVersion7(old)).ToArray() });

        await Task.WhenAll(ForgetAsync(), ForgetAsync());

        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders WHERE ticket_title = 'Old'")).ShouldBe(0);
    }

    private Task ForgetAsync() => ForgetAsync(Orders);

    private static async Task ForgetAsync(TestService<Ticketing.Orders.Order> orders) =>
        await ActivatorUtilities.CreateInstance<ForgetUnpaidOrders>(orders.Services).Execute(null!, TestContext.Current.CancellationToken);

    private async Task<long> KnownAsync(params OrderResponse[] orders)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM orders WHERE id = ANY(@ids)", new { ids = orders.Select(order => order.Id).ToArray() });
    }

    private Task<long> VerdictsAsync(OrderResponse order) => VerdictsAsync(this, order);

    private static async Task<long> VerdictsAsync(OrdersTests shop, OrderResponse order)
    {
        await using var connection = await shop.Platform.OpenAsync("orders");
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM verdicts WHERE order_id = @Id", new { order.Id });
    }

    /// <summary>How many verdicts are there on money that came for an order that had been forgotten.</summary>
    private static async Task<long> VerdictsOfLateMoneyAsync(OrdersTests shop)
    {
        var listing = await shop.ListAsync(quantity: 10);
        var order = await shop.PlaceAsync(listing, 2);
        await shop.ExpireAsync(order);
        shop.Platform.Clock.Turn(Retentions.Past);
        await ForgetAsync(shop.Orders);
        var witness = await shop.PlaceAsync(listing);

        foreach (var late in (object[])
            [
                new PaymentStarted(shop.Payment(order, PaymentStatus.Pending, 0)), new ExpirationComplete([order.Id]),
                new PaymentFailed(shop.Payment(order, PaymentStatus.Pending, 1)), new PaymentReleased(shop.Payment(order, PaymentStatus.Released, 3)),
                new PaymentAuthorized(shop.Payment(order, PaymentStatus.Authorized, 2)),
                new PaymentAuthorized(shop.Payment(order, PaymentStatus.Authorized, 2)),
            ])
        {
            await shop.Platform.Broker.PublishAsync(late);
        }
        (await shop.Platform.Broker.HearAsync<PaymentRefused>(refused => refused.OrderId == order.Id)).Reason.ShouldBe("unknown_order");
        (await shop.CancelAsync(order)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await shop.Platform.Broker.PublishAsync(new PaymentAuthorized(shop.Payment(witness, PaymentStatus.Authorized, 1)));
        await shop.BecomesAsync(witness, OrderStatus.Complete);

        (await shop.AvailableAsync(listing.Id)).ShouldBe(9);
        return await VerdictsAsync(shop, order);
    }

    /// <summary>Whether an order is still there that was paid, at the last moment, while the job was about to forget it.</summary>
    private static async Task<bool> IsKeptIfPaidMeanwhileAsync(OrdersTests shop)
    {
        var order = await shop.PlaceAsync(await shop.ListAsync());
        await shop.ExpireAsync(order);
        shop.Platform.Clock.Turn(Retentions.Past);
        await using var connection = await shop.Platform.OpenAsync("orders");
        await using var paying = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            UPDATE orders SET status = 'complete', reason = NULL, unpaid_at = NULL, payment_intent_id = 'pi_late', completed_at = now(),
                version = version + 1
            WHERE id = @Id
            """,
            new { order.Id }, paying);

        await Retentions.RaceAsync(shop.Platform, "orders", () => ForgetAsync(shop.Orders), () => paying.CommitAsync());

        await ForgetAsync(shop.Orders);
        return await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM orders WHERE id = @Id)", new { order.Id });
    }
}
