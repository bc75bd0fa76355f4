using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Payments;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>Decisions on what was read before somebody else wrote, on a real database.</summary>
public sealed class PaymentLedgerTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    private static Mutation AsItWasRead => new("payments", "AND xmin::text = $8", "AND $8::text IS NOT NULL");

    private static Mutation OfTheOrderAsItWasRead => new("payments", "WHERE id = $2 AND version = $8 FOR UPDATE", "WHERE id = $2 AND $8::int IS NOT NULL FOR UPDATE");

    [Fact]
    public async Task Of_two_verdicts_on_the_same_reading_the_first_counts() => (await JudgeTwiceAsync()).ShouldBe(AttemptGoal.Capture);

    [Fact]
    public async Task Control_without_a_look_at_what_was_written_since_the_last_one_does()
    {
        var guard = AsItWasRead;
        (await JudgeTwiceAsync(guard)).ShouldBe(AttemptGoal.Release);
        guard.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task No_payment_begins_by_a_reading_from_before_the_end_of_its_order() => (await StartAfterTheEndAsync()).ShouldBe(0);

    [Fact]
    public async Task Control_without_a_look_at_the_order_one_does()
    {
        var guard = OfTheOrderAsItWasRead;
        (await StartAfterTheEndAsync(guard)).ShouldBe(1);
        guard.ShouldHaveBeenApplied();
    }

    /// <summary>What the payment is to come to.</summary>
    private async Task<AttemptGoal> JudgeTwiceAsync(params Mutation[] without)
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        await using var bench = new Bench(this, without);
        var read = (await bench.Ledger.FindByOrder(order.Id, CancellationToken.None))!;
        var intent = read.Attempts[0].IntentId!;

        await bench.Ledger.Change(read, payment => PaymentDecisions.Judged(payment, intent, capture: true), CancellationToken.None);
        await bench.Ledger.Change(read, payment => PaymentDecisions.Judged(payment, intent, capture: false), CancellationToken.None);

        return (await bench.Ledger.FindByOrder(order.Id, CancellationToken.None))!.Attempts[0].Goal;
    }

    /// <summary>How many attempts there are.</summary>
    private async Task<int> StartAfterTheEndAsync(params Mutation[] without)
    {
        var order = await PlaceAsync();
        await using var bench = new Bench(this, without);
        var read = Ticketing.Payments.Order.Of(order);
        await bench.Ledger.TakeNews(
            [OrderNews.Of(order with { Status = OrderStatus.Cancelled, Version = 1 }, traceParent: null)], PaymentDecisions.OrderEnded, CancellationToken.None);

        await bench.Ledger.WithOrder(read, null, (current, payment) => (
            current.Open ? PaymentDecisions.Start(payment, AttemptKind.Card, "tok_visa", "https://shop.test/") : new Decision(payment), current.Open),
            CancellationToken.None);

        return (await bench.Ledger.FindByOrder(order.Id, CancellationToken.None))?.Attempts.Count ?? 0;
    }

    /// <summary>A ledger beside the service's, on the same database.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly StatementProxy proxy;
        private readonly NpgsqlDataSource database;
        private readonly Outbox outbox = new();

        public Bench(PaymentLedgerTests tests, IReadOnlyList<Mutation> without)
        {
            proxy = new StatementProxy(tests.Platform.ConnectionString("payments-db"), without);
            database = NpgsqlDataSource.Create(proxy.ConnectionString);
            Ledger = new PaymentLedger(database, outbox, tests.Payments.Services.GetRequiredService<Retention>(), tests.Platform.Clock);
        }

        public PaymentLedger Ledger { get; }

        public async ValueTask DisposeAsync()
        {
            Ledger.Dispose();
            outbox.Dispose();
            await database.DisposeAsync();
            await proxy.DisposeAsync();
        }
    }
}
