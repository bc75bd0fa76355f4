using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Orders;

/// <summary>Idempotency keys are kept for 24 hours; afterwards the same key may place another order.</summary>
[DisallowConcurrentExecution]
internal sealed class ForgetIdempotencyKeys(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Frees one user's key that has had its time.</summary>
    public const string OfUser =
        """
        UPDATE orders SET idempotency_key = NULL
        WHERE user_id = @userId AND idempotency_key = @key AND created_at <= @keysSince
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = clock.GetUtcNow() - TimeSpan.FromHours(24);
        int forgotten;
        do
        {
            forgotten = await connection.ExecuteAsync(new CommandDefinition(
                """
                UPDATE orders SET idempotency_key = NULL
                WHERE id IN (
                    SELECT id FROM orders WHERE idempotency_key IS NOT NULL AND created_at <= @before
                    LIMIT 1000 FOR UPDATE SKIP LOCKED)
                """,
                new { before }, cancellationToken: cancellationToken));
        }
        while (forgotten > 0);
    }
}
