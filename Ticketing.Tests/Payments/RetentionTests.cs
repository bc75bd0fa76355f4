using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>Orders that ended unpaid are forgotten some day with their payments; not while money may still move.</summary>
public sealed class RetentionTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task Unpaid_orders_are_forgotten_with_their_payments_and_neither_what_is_paid_nor_what_is_open()
    {
        var (untried, declined, open, paid) = (await PlaceNowAsync(), await PlaceNowAsync(), await PlaceNowAsync(), await PlaceNowAsync());
        await (await PayAsync(declined, "tok_chargeDeclined")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await PaidAsync(open);
        await PaidAsync(paid);
        await CompleteAsync(await AuthorizedAsync(paid), paid);
        await BecomesAsync(paid, PaymentStatus.Captured);
        foreach (var order in new[] { untried, declined, open })
            await EndAsync(order);
        await ReleasedAsync(declined);

        Platform.Clock.Turn(Retentions.Kept);
        await ForgetAsync();
        (await KnownAsync(untried, declined, open, paid)).ShouldBe(4);

        Platform.Clock.Turn(TimeSpan.FromHours(2));
        await ForgetAsync();
        (await KnownAsync(untried, declined)).ShouldBe(0);
        (await KnownAsync(open, paid)).ShouldBe(2);
        await using var connection = await Platform.OpenAsync("payments");
        (await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM attempts JOIN payments ON payments.id = payment_id WHERE order_id = ANY(@ids)",
            new { ids = new[] { declined.Id, open.Id, paid.Id } })).ShouldBe(2);
        using var buyer = Payments.As(declined.UserId);
        (await buyer.GetAsync($"/api/payments/{declined.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await (await PayAsync(untried)).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        // The verdict that was still missing: then it may go as well.
        await RefuseAsync(await AuthorizedAsync(open));
        await ReleasedAsync(open);
        await ForgetAsync();
        (await KnownAsync(open)).ShouldBe(0);
        (await KnownAsync(paid)).ShouldBe(1);
    }

    [Fact]
    public async Task A_late_event_of_a_forgotten_order_brings_nothing_back()
    {
        var order = await PlaceNowAsync();
        await EndAsync(order);
        Platform.Clock.Turn(Retentions.Past);
        await ForgetAsync();

        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Platform.Broker.PublishAsync(new OrderPaymentStateChanged(order with { Status = OrderStatus.AwaitingPayment, Version = 1 }));
        await EndAsync(await PlaceNowAsync());
        await NotedAsync(Payments.Services.GetRequiredService<PaymentLedger>());

        (await ReplicaAsync(order)).ShouldBeNull();
        using var heedless = ActivatorUtilities.CreateInstance<PaymentLedger>(Payments.Services, Retentions.None(Platform.Clock));
        await NotedAsync(heedless);
        (await ReplicaAsync(order)).ShouldBe((OrderStatus.Created, 0), "the negative control, which does not look at the order's age");

        Task NotedAsync(PaymentLedger ledger) => ledger.TakeNews(
            [OrderNews.Of(order, traceParent: null)], payment => new Decision(payment), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_still_there_learns_its_end_however_late_and_is_then_forgotten()
    {
        var order = await PlaceNowAsync();
        Platform.Clock.Turn(Retentions.Past);
        await ForgetAsync();
        (await ReplicaAsync(order)).ShouldNotBeNull();

        await EndAsync(order);
        await ForgetAsync();

        (await ReplicaAsync(order)).ShouldBeNull();
    }

    [Fact]
    public async Task An_order_of_which_somebody_talks_to_stripe_is_passed_over()
    {
        var order = await PlaceNowAsync();
        await EndAsync(order);
        Platform.Clock.Turn(Retentions.Past);
        await using (await Payments.Services.GetRequiredService<Leases>().Acquire(order.Id, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken))
        {
            await ForgetAsync();
            (await ReplicaAsync(order)).ShouldNotBeNull();
        }

        await ForgetAsync();
        (await ReplicaAsync(order)).ShouldBeNull();
    }

    /// <summary>The job has looked already, and waits for the attempt's row.</summary>
    [Fact]
    public async Task A_payment_that_comes_to_life_in_this_moment_stays_whole()
    {
        var order = await DeclinedAsync();

        (await Should.ThrowAsync<PostgresException>(() => ForgetWhileMoneyIsFoundAsync(order))).SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);

        (await KnownAsync(order)).ShouldBe(1);
        (await ReplicaAsync(order)).ShouldNotBeNull();
        (await StatusAsync(order)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Control_without_the_keys_between_the_tables_its_order_is_forgotten()
    {
        var order = await DeclinedAsync();
        await using var connection = await Platform.OpenAsync("payments");
        await connection.ExecuteAsync(
            """
            ALTER TABLE attempts DROP CONSTRAINT attempts_payment_id_fkey;
            ALTER TABLE payments DROP CONSTRAINT payments_order_id_fkey
            """);

        await ForgetWhileMoneyIsFoundAsync(order);

        (await ReplicaAsync(order)).ShouldBeNull();
        await connection.ExecuteAsync(
            """
            DELETE FROM attempts WHERE payment_id IN (SELECT id FROM payments WHERE order_id = @Id);
            DELETE FROM payments WHERE order_id = @Id;
            ALTER TABLE attempts ADD CONSTRAINT attempts_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments;
            ALTER TABLE payments ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders
            """,
            new { order.Id });
    }

    /// <summary>An order that ended after its card was declined, and whose time is over.</summary>
    private async Task<OrderState> DeclinedAsync()
    {
        var order = await PlaceNowAsync();
        await (await PayAsync(order, "tok_chargeDeclined")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await EndAsync(order);
        await ReleasedAsync(order);
        Platform.Clock.Turn(Retentions.Past);
        return order;
    }

    /// <summary>Waits until no money can move any more, and whoever saw to that is done.</summary>
    private async Task ReleasedAsync(OrderState order)
    {
        await BecomesAsync(order, PaymentStatus.Released);
        await using var connection = await Platform.OpenAsync("payments");
        await Eventually.HoldsAsync(
            () => connection.ExecuteScalarAsync<bool>("SELECT leased_by IS NULL FROM orders WHERE id = @Id", new { order.Id }), "the lease is given back");
    }

    private async Task ForgetWhileMoneyIsFoundAsync(OrderState order)
    {
        await using var connection = await Platform.OpenAsync("payments");
        await using var finding = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            UPDATE attempts SET look_at = 'infinity' WHERE payment_id = (SELECT id FROM payments WHERE order_id = @Id);
            UPDATE payments SET status = 'authorized' WHERE order_id = @Id
            """,
            new { order.Id }, finding);
        await Retentions.RaceAsync(Platform, "payments", ForgetAsync, () => finding.CommitAsync());
    }

    /// <summary>An order that was placed now, by the clock of the test.</summary>
    private async Task<OrderState> PlaceNowAsync()
    {
        var order = Order() with { Id = Guid.CreateVersion7(Platform.Clock.GetUtcNow()) };
        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.Created, 0));
        return order;
    }

    private async Task EndAsync(OrderState order)
    {
        await CancelAsync(order);
        await Eventually.BecomesAsync(() => ReplicaAsync(order), (OrderStatus.Cancelled, 1));
    }

    private async Task<long> KnownAsync(params OrderState[] orders)
    {
        await using var connection = await Platform.OpenAsync("payments");
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM orders WHERE id = ANY(@ids)", new { ids = orders.Select(order => order.Id).ToArray() });
    }

    private async Task ForgetAsync() =>
        await ActivatorUtilities.CreateInstance<ForgetUnpaidOrders>(Payments.Services).Execute(null!, TestContext.Current.CancellationToken);
}
