using Dapper;
using Npgsql;
using Ticketing.Data;

namespace Ticketing.Payments;

/// <summary>The SQL that reads and writes payments with their attempts.</summary>
internal static class PaymentRows
{
    // A payment's xmin is the transaction that wrote it last; every write of its attempts writes the payment too. So it tells
    // whether anything was written since, also by a replica of another version.
    private const string Select =
        """
        SELECT
            payments.id, payments.order_id, payments.user_id, payments.amount, payments.currency, payments.description,
            payments.card_intent_id, payments.card_intents, payments.version, payments.xmin::text AS revision,
            number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, looks, authorized_at
        FROM payments LEFT JOIN attempts ON attempts.payment_id = payments.id
        """;

    private const string ById = $"{Select} WHERE payments.id = @id ORDER BY number";

    /// <summary>For a statement that has the order's id in <c>@id</c>.</summary>
    public const string ByOrder = $"{Select} WHERE payments.order_id = @id ORDER BY number";

    /// <summary>For a statement that has the orders' ids in <c>@ids</c>.</summary>
    public const string ByOrders = $"{Select} WHERE payments.order_id = ANY(@ids) ORDER BY payments.id, number";

    private const string Create =
        """
        WITH open AS (
            SELECT id FROM orders WHERE id = $2 AND version = $8 FOR UPDATE
        ), saved AS (
            INSERT INTO payments (id, order_id, user_id, amount, currency, description, status, card_intent_id, card_intents, version, created_at, changed_at)
            SELECT $1, $2, $23, $24, $25, $26, $3, $4, $5, $6, $7, $7 FROM open
            ON CONFLICT DO NOTHING
            RETURNING id, xmin::text AS revision
        )
        """;

    private const string Update =
        """
        WITH saved AS (
            UPDATE payments SET status = $3, card_intent_id = $4, card_intents = $5, version = $6, changed_at = $7
            WHERE id = $1 AND order_id = $2 AND xmin::text = $8
            RETURNING id, xmin::text AS revision
        )
        """;

    private const string SaveAttemptsAndEvent =
        """
        , tried AS (
            INSERT INTO attempts (payment_id, number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, look_at,
                created_at, changed_at, authorized_at)
            SELECT saved.id, attempt.*, $7, $7, CASE attempt.state WHEN 'Authorized' THEN $7 END
            FROM saved, unnest($9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                AS attempt (number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, look_at)
            ON CONFLICT (payment_id, number) DO UPDATE
            SET state = excluded.state, goal = excluded.goal, intent_id = excluded.intent_id, session_id = excluded.session_id,
                url = excluded.url, failure = excluded.failure, changed_at = excluded.changed_at, look_at = excluded.look_at, looks = 0,
                authorized_at = coalesce(attempts.authorized_at, excluded.authorized_at)
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT $20, $21::jsonb, $22 FROM saved WHERE $20 IS NOT NULL
        )
        SELECT revision FROM saved
        """;

    public static Task<Payment?> Find(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        One(connection, new CommandDefinition(ById, new { id }, cancellationToken: cancellationToken));

    public static Task<Payment?> FindByOrder(NpgsqlConnection connection, Guid orderId, CancellationToken cancellationToken) =>
        One(connection, new CommandDefinition(ByOrder, new { id = orderId }, cancellationToken: cancellationToken));

    /// <summary>The payment, which nobody else changes until the transaction ends.</summary>
    public static Task<Payment?> Lock(NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        Locked(transaction, $"SELECT id FROM payments WHERE id = @id FOR UPDATE; {ById}", id, cancellationToken);

    /// <summary>The same, by its order.</summary>
    public static Task<Payment?> LockByOrder(NpgsqlTransaction transaction, Guid orderId, CancellationToken cancellationToken) =>
        Locked(transaction, $"SELECT id FROM payments WHERE order_id = @id FOR UPDATE; {ByOrder}", orderId, cancellationToken);

    /// <summary>
    /// Writes changes in one round trip, outside of a transaction in one of its own: each with its event, and only if its payment
    /// is as it was read, or if it is new and its order is. An attempt that changed is looked at again soon, one that is settled never.
    /// </summary>
    /// <returns>For each change its payment as it is written; null where nothing was, since something else was written before.</returns>
    /// <param name="connection">The payments' database.</param>
    /// <param name="transaction">The transaction that has the payment locked, if one has.</param>
    /// <param name="changes">At least one.</param>
    /// <param name="last">A lease that is given back with them.</param>
    /// <param name="now">When it is.</param>
    /// <param name="cancellationToken">Gives up; they may be written all the same.</param>
    public static async Task<IReadOnlyList<Payment?>> Save(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<PaymentChange> changes, Lease? last, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        // The order's row first, as everywhere.
        if (last is not null)
        {
            batch.BatchCommands.Add(new("UPDATE orders SET leased_by = NULL, leased_until = NULL WHERE id = $1 AND leased_by = $2")
            {
                Parameters = { new() { Value = last.OrderId }, new() { Value = last.Holder } },
            });
        }
        foreach (var change in changes)
            batch.BatchCommands.Add(Command(change, now));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var saved = new List<Payment?>(changes.Count);
        foreach (var change in changes)
        {
            saved.Add(await reader.ReadAsync(cancellationToken) ? change.After.Payment with { Revision = reader.GetString(0) } : null);
            await reader.NextResultAsync(cancellationToken);
        }
        return saved;
    }

    private static NpgsqlBatchCommand Command(PaymentChange change, DateTimeOffset now)
    {
        var (before, decision) = (change.Before, change.After);
        var after = decision.Payment;
        var attempts = after.Attempts.Where((attempt, index) => index >= before.Attempts.Count || before.Attempts[index] != attempt).ToList();
        var message = decision.ToMessage(now);
        var command = new NpgsqlBatchCommand((before.Revision is null ? Create : Update) + SaveAttemptsAndEvent);
        Add(after.Id);
        Add(after.OrderId);
        Add(after.Status);
        Add(after.CardIntentId);
        Add(after.CardIntents);
        Add(after.Version);
        Add(now);
        if (before.Revision is null)
            Add(change.OrderVersion);
        else
            Add(before.Revision);
        AddEach(attempt => attempt.Number);
        AddEach(attempt => attempt.Kind.ToString());
        AddEach(attempt => attempt.State.ToString());
        AddEach(attempt => attempt.Goal.ToString());
        AddEach(attempt => attempt.Token);
        AddEach(attempt => attempt.ReturnUrl);
        AddEach(attempt => attempt.IntentId);
        AddEach(attempt => attempt.SessionId);
        AddEach(attempt => attempt.Url);
        AddEach(attempt => attempt.Failure);
        AddEach(attempt => attempt.Settled ? (DateTimeOffset?)null : now + LookSchedule.After(attempt, 0));
        Add(message?.GetType().Name);
        Add(message is null ? null : Outbox.Serialize(message));
        Add(change.TraceParent ?? Outbox.TraceParent);
        if (before.Revision is null)
        {
            Add(after.UserId);
            Add(after.Amount);
            Add(after.Currency);
            Add(after.Description);
        }
        return command;

        void Add<T>(T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        void AddEach<T>(Func<Attempt, T> column) => Add(attempts.Select(column).ToArray());
    }

    private static async Task<Payment?> One(NpgsqlConnection connection, CommandDefinition command) =>
        Group(await connection.QueryAsync<PaymentRow, Attempt?, (PaymentRow, Attempt?)>(command, Pair, "number")).SingleOrDefault();

    // Two statements in one round trip. The second sees what was committed while the first waited for the lock.
    private static async Task<Payment?> Locked(NpgsqlTransaction transaction, string statements, Guid id, CancellationToken cancellationToken)
    {
        await using var rows = await transaction.Connection!.QueryMultipleAsync(
            new CommandDefinition(statements, new { id }, transaction, cancellationToken: cancellationToken));
        await rows.ReadAsync<Guid>();
        return Read(rows).SingleOrDefault();
    }

    /// <summary>The payments that a statement of this class selects.</summary>
    public static IEnumerable<Payment> Read(SqlMapper.GridReader rows) =>
        Group(rows.Read<PaymentRow, Attempt?, (PaymentRow, Attempt?)>(Pair, "number"));

    private static (PaymentRow, Attempt?) Pair(PaymentRow payment, Attempt? attempt) => (payment, attempt);

    private static IEnumerable<Payment> Group(IEnumerable<(PaymentRow Payment, Attempt? Attempt)> rows) =>
        rows.GroupBy(row => row.Payment.Id, (_, group) => ToPayment([.. group]));

    private static Payment ToPayment((PaymentRow Payment, Attempt? Attempt)[] rows)
    {
        var row = rows[0].Payment;
        return new(row.Id, row.OrderId, row.UserId, row.Amount, row.Currency, row.Description, row.CardIntentId, row.CardIntents, row.Version,
            [.. rows.Select(each => each.Attempt).OfType<Attempt>()], row.Revision);
    }

    private sealed record PaymentRow(
        Guid Id, Guid OrderId, Guid UserId, long Amount, string Currency, string Description, string? CardIntentId,
        int CardIntents, int Version, string Revision);
}

/// <summary>What was decided on a payment.</summary>
/// <param name="Before">As it was read; without a revision it is new.</param>
/// <param name="After">The decision.</param>
/// <param name="OrderVersion">Of a new one: the version of the order that was decided on.</param>
/// <param name="TraceParent">The trace that it belongs to; without one the present one.</param>
internal sealed record PaymentChange(Payment Before, Decision After, int OrderVersion = 0, string? TraceParent = null)
{
    /// <summary>Whether there is anything to write.</summary>
    public bool Differs => After.Payment with { Attempts = Before.Attempts } != Before || !After.Payment.Attempts.SequenceEqual(Before.Attempts);
}
