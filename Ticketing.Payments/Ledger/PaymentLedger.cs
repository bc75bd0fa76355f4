using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Changes payments: the present state is read under a row lock, decided upon, and written in one short transaction
/// together with the event. Order row first, then payment row, so that nobody deadlocks.
/// </summary>
internal sealed class PaymentLedger(NpgsqlDataSource database, Outbox outbox, Retention retention, TimeProvider clock)
{
    public async Task<Payment?> FindByOrder(Guid orderId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await PaymentRows.FindByOrder(connection, orderId, cancellationToken);
    }

    public async Task<Payment?> Find(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await PaymentRows.Find(connection, id, cancellationToken);
    }

    /// <summary>Applies a decision to a payment that exists; returns it as it is then.</summary>
    public Task<Payment> Change(Guid id, Func<Payment, Decision> decide, CancellationToken cancellationToken) =>
        InTransaction(async transaction =>
        {
            var payment = await PaymentRows.Lock(transaction, id, cancellationToken)
                ?? throw new InvalidOperationException($"Payment {id} is gone.");
            var decision = decide(payment);
            await Save(transaction, payment, decision, cancellationToken);
            return (decision.Payment, decision);
        }, cancellationToken);

    /// <summary>
    /// Decides with the order held still. The payment is a new, unsaved one when there is none; it is only saved if the
    /// decision changes it.
    /// </summary>
    public Task<T> WithOrder<T>(
        Guid orderId, Func<Order, Payment, (Decision Decision, T Result)> decide, CancellationToken cancellationToken) =>
        InTransaction(async transaction =>
        {
            var order = await OrderReplica.Lock(transaction, orderId, cancellationToken);
            var payment = await PaymentRows.LockByOrder(transaction, orderId, cancellationToken) ?? New(order);
            var (decision, result) = decide(order, payment);
            await Save(transaction, payment, decision, cancellationToken);
            return (result, decision);
        }, cancellationToken);

    /// <summary>Takes an order's news, and what they mean for its payment, if there is one; returns it.</summary>
    public Task<Payment?> ApplyOrder(OrderState news, Func<Payment, Decision> decide, CancellationToken cancellationToken) =>
        InTransaction<Payment?>(async transaction =>
        {
            await OrderReplica.Apply(transaction.Connection!, [OrderNews.Of(Order.Of(news))], retention.FirstHeeded, transaction, cancellationToken);
            if (await PaymentRows.LockByOrder(transaction, news.Id, cancellationToken) is not { } payment)
                return (null, default);
            var decision = decide(payment);
            await Save(transaction, payment, decision, cancellationToken);
            return (decision.Payment, decision);
        }, cancellationToken);

    private static Payment New(Order order) => new(
        Guid.CreateVersion7(), order.Id, order.UserId, order.Amount, order.Currency,
        order.Quantity == 1 ? order.Title : $"{order.Quantity} × {order.Title}", null, 0, Version: -1, []);

    private async Task Save(
        NpgsqlTransaction transaction, Payment before, Decision decision, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(before, decision.Payment))
            return;
        var now = clock.GetUtcNow();
        await PaymentRows.Save(transaction, before, decision.Payment, now, cancellationToken);
        if (decision.ToMessage(now) is { } message)
            await outbox.Add(transaction.Connection!, transaction, message, cancellationToken);
    }

    private async Task<T> InTransaction<T>(
        Func<NpgsqlTransaction, Task<(T Result, Decision Decision)>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (result, decision) = await work(transaction);
        await transaction.CommitAsync(cancellationToken);
        // Most of what happens in a rush is no news to anybody: then the relay sleeps on.
        if (decision.Event is not PaymentEvent.None)
            outbox.Wake(OutboxLane.Money);
        PaymentMetrics.Saved(decision, clock.GetUtcNow());
        return result;
    }
}
