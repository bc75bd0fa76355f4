using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Changes payments. A decision is made on a payment as it was read, and written with its event in one statement that does so
/// only if nothing was written since; otherwise the payment is read again under a row lock, and decided on anew. Order row first,
/// then payment row, so that nobody deadlocks.
/// </summary>
internal sealed class PaymentLedger(NpgsqlDataSource database, Outbox outbox, Retention retention, TimeProvider clock) : IDisposable
{
    private const int MostRecent = 10_000;
    private static readonly TimeSpan RecentFor = TimeSpan.FromMinutes(1);

    private readonly MemoryCache recent = new(new MemoryCacheOptions { SizeLimit = MostRecent });

    /// <summary>A payment as this process wrote it last, if that was a moment ago; another one may have written it since.</summary>
    public Payment? FindRecent(Guid id) => recent.Get<Payment>(id);

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
    /// <param name="known">The payment as it was read.</param>
    /// <param name="decide">May be asked again.</param>
    /// <param name="cancellationToken">Gives up; it may be saved all the same.</param>
    public Task<Payment> Change(Payment known, Func<Payment, Decision> decide, CancellationToken cancellationToken) =>
        Change(known, decide, _ => null, cancellationToken);

    /// <summary>The same.</summary>
    /// <param name="known">The payment as it was read.</param>
    /// <param name="decide">May be asked again.</param>
    /// <param name="last">The lease, if it is given back with what is written, since nothing comes after this.</param>
    /// <param name="cancellationToken">Gives up; it may be saved all the same.</param>
    public async Task<Payment> Change(
        Payment known, Func<Payment, Decision> decide, Func<Payment, Lease?> last, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var decision = decide(known);
        return await Save(connection, new PaymentChange(known, decision), last(decision.Payment), cancellationToken)
            ?? await ChangeLocked(connection, known.Id, decide, cancellationToken);
    }

    /// <summary>
    /// Decides with the order held still. The payment is a new, unsaved one when there is none; it is only saved if the
    /// decision changes it.
    /// </summary>
    /// <param name="known">The order as it was read.</param>
    /// <param name="payment">
    /// Its payment as it was read with it. Where there was none, the first is written without a lock, if the order is still as it was
    /// and nobody else wrote one.
    /// </param>
    /// <param name="decide">May be asked again.</param>
    /// <param name="cancellationToken">Gives up; it may be saved all the same.</param>
    /// <returns>The payment as it is then, and what else the decision came to.</returns>
    public async Task<(Payment Payment, T Result)> WithOrder<T>(
        Order known, Payment? payment, Func<Order, Payment, (Decision Decision, T Result)> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (payment is null)
        {
            var first = New(known);
            var (decision, result) = decide(known, first);
            if (await Save(connection, new PaymentChange(first, decision, known.Version), null, cancellationToken) is { } saved)
                return (saved, result);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var order = await OrderReplica.Lock(transaction, known.Id, cancellationToken);
        var current = await PaymentRows.LockByOrder(transaction, known.Id, cancellationToken) ?? New(order);
        var (decided, outcome) = decide(order, current);
        return (await Commit(transaction, new PaymentChange(current, decided, order.Version), cancellationToken), outcome);
    }

    /// <summary>
    /// Takes orders' news, all in one statement, and what they mean for the payments that there are: in a rush most orders are only
    /// noted, and noted to have ended, since they are never paid.
    /// </summary>
    /// <param name="news">At least one.</param>
    /// <param name="decide">What they mean for a payment of one of these orders.</param>
    /// <param name="cancellationToken">Gives up; some of it may be done.</param>
    /// <returns>The payments. For the other orders none can begin any more without seeing these news.</returns>
    public async Task<IReadOnlyList<Payment>> TakeNews(
        IReadOnlyList<OrderNews> news, Func<Payment, Decision> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var payments = await OrderReplica.ApplyAndFindPayments(connection, news, retention.FirstHeeded, cancellationToken);
        var traces = news.ToLookup(one => one.Order.Id, one => one.TraceParent);
        var changes = payments.Select(payment =>
            new PaymentChange(payment, decide(payment), TraceParent: traces[payment.OrderId].First())).Where(change => change.Differs).ToList();
        var saved = await Save(connection, changes, null, cancellationToken);
        foreach (var change in changes.Where((_, index) => saved[index] is null))
            await ChangeLocked(connection, change.Before.Id, decide, cancellationToken);
        return payments;
    }

    private static Payment New(Order order) => new(
        Guid.CreateVersion7(), order.Id, order.UserId, order.Amount, order.Currency,
        order.Quantity == 1 ? order.Title : $"{order.Quantity} × {order.Title}", null, 0, Version: -1, []);

    private async Task<Payment> ChangeLocked(
        NpgsqlConnection connection, Guid id, Func<Payment, Decision> decide, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var payment = await PaymentRows.Lock(transaction, id, cancellationToken)
            ?? throw new InvalidOperationException($"Payment {id} is gone.");
        return await Commit(transaction, new PaymentChange(payment, decide(payment)), cancellationToken);
    }

    /// <summary>Writes a change of what is locked, if it is one.</summary>
    private async Task<Payment> Commit(NpgsqlTransaction transaction, PaymentChange change, CancellationToken cancellationToken)
    {
        if (!change.Differs)
            return change.Before;
        var saved = await PaymentRows.Save(transaction.Connection!, transaction, [change], null, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell([change], saved);
        return saved[0] ?? throw new InvalidOperationException($"Payment {change.Before.Id} was changed although it is locked.");
    }

    /// <summary>Writes a change; null if it is none, or if something else was written before.</summary>
    private async Task<Payment?> Save(NpgsqlConnection connection, PaymentChange change, Lease? last, CancellationToken cancellationToken) =>
        change.Differs ? (await Save(connection, [change], last, cancellationToken))[0] : null;

    private async Task<IReadOnlyList<Payment?>> Save(
        NpgsqlConnection connection, List<PaymentChange> changes, Lease? last, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return [];
        var saved = await PaymentRows.Save(connection, null, changes, last, clock.GetUtcNow(), cancellationToken);
        last?.GivenBack = true;
        Tell(changes, saved);
        return saved;
    }

    /// <summary>After the commit.</summary>
    private void Tell(IEnumerable<PaymentChange> changes, IEnumerable<Payment?> saved)
    {
        foreach (var (change, payment) in changes.Zip(saved))
        {
            if (payment is null)
                continue;
            recent.Set(payment.Id, payment, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = RecentFor });
            // Most of what happens in a rush is no news to anybody: then the relay sleeps on.
            if (change.After.Event is not PaymentEvent.None)
                outbox.Wake(OutboxLane.Money);
            PaymentMetrics.Saved(change.After, clock.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => recent.Dispose();
}
