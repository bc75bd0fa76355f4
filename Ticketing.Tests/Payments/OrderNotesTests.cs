using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Payments;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>What is noted together, on a real database.</summary>
public sealed class OrderNotesTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task The_newest_of_what_comes_together_counts_and_each_hears_of_its_own_payment()
    {
        var (paid, unpaid) = (await PlaceAsync(), await PlaceAsync());
        await PaidAsync(paid);
        await using var database = DataSource();

        var found = await TakeAsync(
            database, Told(paid, version: 2), Told(unpaid, version: 3), Told(unpaid, version: 1), Told(paid, version: 5), Told(unpaid, version: 2));

        found.ShouldBe([paid.Id]);
        (await ReplicaAsync(paid)).ShouldBe((OrderStatus.AwaitingPayment, 5));
        (await ReplicaAsync(unpaid)).ShouldBe((OrderStatus.AwaitingPayment, 3));

        static OrderNews Told(OrderState order, int version) =>
            OrderNews.Of(order with { Status = OrderStatus.AwaitingPayment, Version = version }, traceParent: null);
    }

    /// <summary>
    /// One that a statement together with the note could not see. Asked by a look at what was there before, as the same
    /// statement does, nobody would stop the payment.
    /// </summary>
    [Fact]
    public async Task A_payment_that_begins_while_the_end_of_its_order_waits_for_the_row_is_found()
    {
        var order = await PlaceAsync();
        await using var database = DataSource();
        await using var connection = await Platform.OpenAsync("payments");
        await using var beginning = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT FROM orders WHERE id = @Id FOR UPDATE", new { order.Id });

        var ended = TakeAsync(database, OrderNews.Of(order with { Status = OrderStatus.Cancelled, Version = 1 }, traceParent: null));
        var inOneStatement = FoundInOneStatementAsync(database, order);
        await Platform.WaitingAsync("payments", count: 2);
        await connection.ExecuteAsync(
            """
            INSERT INTO payments (id, order_id, user_id, amount, currency, description, status, version, created_at, changed_at)
            VALUES (gen_random_uuid(), @Id, @UserId, @Amount, @Currency, 'Concert', 'pending', 0, now(), now())
            """,
            order);
        await beginning.CommitAsync();

        (await ended).ShouldBe([order.Id]);
        (await inOneStatement).ShouldBeFalse("the negative control");
    }

    /// <summary>The orders whose payments are found.</summary>
    private async Task<IEnumerable<Guid>> TakeAsync(NpgsqlDataSource database, params OrderNews[] news)
    {
        using var outbox = new Outbox();
        using var ledger = new PaymentLedger(database, outbox, Payments.Services.GetRequiredService<Retention>(), TimeProvider.System);
        return (await ledger.TakeNews(news, payment => new Decision(payment), CancellationToken.None)).Select(payment => payment.OrderId);
    }

    private static async Task<bool> FoundInOneStatementAsync(NpgsqlDataSource database, OrderState order)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            WITH noted AS (UPDATE orders SET status = 'cancelled' WHERE id = @Id RETURNING id)
            SELECT EXISTS (SELECT FROM payments JOIN noted ON noted.id = order_id)
            """,
            new { order.Id });
    }

    private NpgsqlDataSource DataSource() => NpgsqlDataSource.Create(Platform.ConnectionString("payments-db"));
}
