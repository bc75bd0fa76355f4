using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>How payments are read, seen from the wire.</summary>
public sealed class PaymentRowsTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task Nothing_is_left_unread_and_cancelled_where_there_is_no_payment()
    {
        await using var proxy = new StatementProxy(Platform.ConnectionString("payments-db"), []);
        await using var database = NpgsqlDataSource.Create(proxy.ConnectionString);
        await using var connection = await database.OpenConnectionAsync();

        (await PaymentRows.Find(connection, Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull();
        (await PaymentRows.FindByOrder(connection, Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull();
        proxy.Cancelled.ShouldBe(0);

        // The control.
        await using (var halves = await connection.QueryMultipleAsync("SELECT 1; SELECT 2"))
            await halves.ReadSingleAsync<int>();
        await Eventually.BecomesAsync(() => Task.FromResult(proxy.Cancelled), 1);
    }
}
