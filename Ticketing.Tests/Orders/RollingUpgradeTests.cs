using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>While a new version is rolled out, the old one works on with the database that the new one has migrated.</summary>
public sealed class RollingUpgradeTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task An_old_replica_works_on_and_starts_again_after_a_newer_one_added_columns()
    {
        var listing = await ListAsync(quantity: 1000);
        // Often enough that every statement is prepared on the server.
        await TradeAsync(8);

        await using var database = await Platform.OpenAsync("orders");
        await database.ExecuteAsync(
            """
            ALTER TABLE orders ADD COLUMN added text;
            ALTER TABLE listings ADD COLUMN added int NOT NULL DEFAULT 0;
            ALTER TABLE outbox ADD COLUMN added text;
            CREATE TABLE added (id uuid PRIMARY KEY);
            INSERT INTO schema_migrations (name) VALUES ('Ticketing.Orders.Database.0999_added.sql');
            """);

        await TradeAsync(8);
        var again = await Platform.StartAsync<Ticketing.Orders.Order>();
        using var client = again.Anonymous();
        (await client.GetAsync("/health")).IsSuccessStatusCode.ShouldBeTrue();

        async Task TradeAsync(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                var (bought, cancelled) = (await PlaceAsync(listing), await PlaceAsync(listing));
                (await CancelAsync(cancelled)).EnsureSuccessStatusCode();
                await Platform.Broker.PublishAsync(new PaymentStarted(Payment(bought, PaymentStatus.Pending, 0)));
                await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(bought, PaymentStatus.Authorized, 1)));
                await BecomesAsync(bought, OrderStatus.Complete);
                await Platform.Broker.HearAsync<OrderCompleted>(told => told.Order.Id == bought.Id);
                await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = listing.Version + 1 }));
            }
        }
    }
}
