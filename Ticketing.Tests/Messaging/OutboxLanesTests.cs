using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Messaging;

/// <summary>What somebody's money waits for is told before thousands of holds. Seen on Orders.</summary>
public sealed class OutboxLanesTests(Servers servers)
{
    private const int Holds = 30_000;

    /// <summary>The relay as it would be with one lane for everything.</summary>
    private static Mutation OneLane => new("orders", OutboxLane.Money.Condition(), "true");

    [Fact]
    public async Task Money_does_not_wait_behind_holds() => (await HoldsBehindMoneyAsync([])).ShouldBeGreaterThan(Holds / 2);

    [Fact]
    public async Task Control_in_one_lane_it_waits_for_all_of_them()
    {
        var lane = OneLane;
        (await HoldsBehindMoneyAsync([lane])).ShouldBeLessThan(Holds / 6);
        lane.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task What_waits_in_the_lane_of_money_is_found_by_an_index()
    {
        await using var platform = await TestPlatform.CreateAsync(servers, "orders");
        await platform.StartAsync<Ticketing.Orders.Order>();
        await using var connection = await platform.OpenAsync("orders");
        // A rush, as the planner learns of it; the relay never sees it.
        await using var rush = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "INSERT INTO outbox (type, body) SELECT 'OrderCancelled', '{}' FROM generate_series(1, @Holds); ANALYZE outbox", new { Holds });

        var plan = string.Join('\n', await connection.QueryAsync<string>(
            $"EXPLAIN SELECT seq FROM outbox WHERE {OutboxLane.Money.Condition()} ORDER BY seq LIMIT 1000"));

        plan.ShouldContain("outbox_money", customMessage: plan);
    }

    /// <summary>How many holds are still to be told when a refusal is that came after all of them.</summary>
    private async Task<long> HoldsBehindMoneyAsync(IReadOnlyList<Mutation> without)
    {
        await using var platform = (await TestPlatform.CreateAsync(servers, "orders")).Without(without);
        await platform.StartAsync<Ticketing.Orders.Order>();
        await using var connection = await platform.OpenAsync("orders");
        await connection.ExecuteAsync(
            """
            INSERT INTO outbox (type, body) SELECT 'ListingCorrected',
                jsonb_build_object('ticketId', gen_random_uuid(), 'quantity', n, 'version', 0) FROM generate_series(1, @Holds) AS n
            UNION ALL
            SELECT 'PaymentRefused', jsonb_build_object(
                'orderId', gen_random_uuid(), 'paymentId', gen_random_uuid(), 'paymentIntentId', 'pi_1', 'reason', 'cancelled')
            """,
            new { Holds });

        await platform.Broker.HearAsync<PaymentRefused>();
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox");
    }
}
