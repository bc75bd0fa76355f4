using Dapper;
using Npgsql;

namespace Ticketing.Payments;

/// <summary>The SQL that reads and writes a payment with its attempts.</summary>
internal static class PaymentRows
{
    private const string Columns =
        "id, order_id, user_id, amount, currency, description, card_intent_id, card_intents, version";

    private const string AttemptColumns =
        "number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, looks, authorized_at";

    public static Task<Payment?> Find(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        Read(connection, null, $"SELECT {Columns} FROM payments WHERE id = @id",
            $"SELECT {AttemptColumns} FROM attempts WHERE payment_id = @id ORDER BY number", id, cancellationToken);

    public static Task<Payment?> FindByOrder(NpgsqlConnection connection, Guid orderId, CancellationToken cancellationToken) =>
        Read(connection, null, $"SELECT {Columns} FROM payments WHERE order_id = @id",
            $"SELECT {AttemptColumns} FROM attempts WHERE payment_id = (SELECT id FROM payments WHERE order_id = @id) ORDER BY number",
            orderId, cancellationToken);

    /// <summary>The payment, which nobody else changes until the transaction ends.</summary>
    public static Task<Payment?> Lock(NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        Read(transaction.Connection!, transaction, $"SELECT {Columns} FROM payments WHERE id = @id FOR UPDATE",
            $"SELECT {AttemptColumns} FROM attempts WHERE payment_id = @id ORDER BY number", id, cancellationToken);

    /// <summary>The same, by its order.</summary>
    public static Task<Payment?> LockByOrder(NpgsqlTransaction transaction, Guid orderId, CancellationToken cancellationToken) =>
        Read(transaction.Connection!, transaction, $"SELECT {Columns} FROM payments WHERE order_id = @id FOR UPDATE",
            $"SELECT {AttemptColumns} FROM attempts WHERE payment_id = (SELECT id FROM payments WHERE order_id = @id) ORDER BY number",
            orderId, cancellationToken);

    /// <summary>Writes what differs. An attempt that changed is looked at again soon, one that is settled never.</summary>
    public static async Task Save(
        NpgsqlTransaction transaction, Payment before, Payment after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO payments (id, order_id, user_id, amount, currency, description, status, card_intent_id, card_intents, version, created_at, changed_at)
            VALUES (@Id, @OrderId, @UserId, @Amount, @Currency, @Description, @Status, @CardIntentId, @CardIntents, @Version, @now, @now)
            ON CONFLICT (id) DO UPDATE
            SET status = excluded.status, card_intent_id = excluded.card_intent_id, card_intents = excluded.card_intents,
                version = excluded.version, changed_at = excluded.changed_at
            """,
            new
            {
                after.Id, after.OrderId, after.UserId, after.Amount, after.Currency, after.Description, after.Status,
                after.CardIntentId, after.CardIntents, after.Version, now,
            },
            transaction, cancellationToken: cancellationToken));
        var changed = after.Attempts.Where((attempt, index) => index >= before.Attempts.Count || before.Attempts[index] != attempt);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO attempts (payment_id, number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, created_at, changed_at, look_at, authorized_at)
            VALUES (@PaymentId, @Number, @Kind, @State, @Goal, @Token, @ReturnUrl, @IntentId, @SessionId, @Url, @Failure, @now, @now, @lookAt, @authorizedAt)
            ON CONFLICT (payment_id, number) DO UPDATE
            SET state = excluded.state, goal = excluded.goal, intent_id = excluded.intent_id, session_id = excluded.session_id,
                url = excluded.url, failure = excluded.failure, changed_at = excluded.changed_at, look_at = excluded.look_at, looks = 0,
                authorized_at = coalesce(attempts.authorized_at, excluded.authorized_at)
            """,
            changed.Select(attempt => new
            {
                PaymentId = after.Id,
                attempt.Number,
                Kind = attempt.Kind.ToString(),
                State = attempt.State.ToString(),
                Goal = attempt.Goal.ToString(),
                attempt.Token, attempt.ReturnUrl, attempt.IntentId, attempt.SessionId, attempt.Url, attempt.Failure, now,
                lookAt = attempt.Settled ? (DateTimeOffset?)null : now + LookSchedule.After(attempt, 0),
                authorizedAt = attempt.State is AttemptState.Authorized ? now : (DateTimeOffset?)null,
            }).ToList(),
            transaction, cancellationToken: cancellationToken));
    }

    private static async Task<Payment?> Read(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string payment, string attempts, Guid id, CancellationToken cancellationToken)
    {
        // Two statements in one round trip. The second sees what was committed while the first waited for a lock.
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"{payment}; {attempts}", new { id }, transaction, cancellationToken: cancellationToken));
        // Both are read, also when there is no payment: what is left unread is cancelled, over a connection of its own.
        var (row, tried) = (await rows.ReadSingleOrDefaultAsync<PaymentRow>(), await rows.ReadAsync<Attempt>());
        return row is null ? null : new Payment(row.Id, row.OrderId, row.UserId, row.Amount, row.Currency, row.Description, row.CardIntentId,
            row.CardIntents, row.Version, [.. tried]);
    }

    private sealed record PaymentRow(
        Guid Id, Guid OrderId, Guid UserId, long Amount, string Currency, string Description, string? CardIntentId,
        int CardIntents, int Version);
}
