using Quartz;
using Ticketing.Data;

namespace Ticketing.Orders;

/// <summary>Idempotency keys are kept for 24 hours; afterwards the same key may place another order.</summary>
[DisallowConcurrentExecution]
internal sealed class ForgetIdempotencyKeys(Removal removal, TimeProvider clock) : IJob
{
    /// <summary>Frees one user's key that has had its time.</summary>
    public const string OfUser =
        """
        UPDATE orders SET idempotency_key = NULL
        WHERE user_id = @userId AND idempotency_key = @key AND created_at <= @keysSince
        """;

    private const string Statement =
        """
        UPDATE orders SET idempotency_key = NULL
        WHERE id = ANY(ARRAY(
            SELECT id FROM orders WHERE idempotency_key IS NOT NULL AND created_at <= @before
            ORDER BY created_at LIMIT @BatchSize FOR UPDATE SKIP LOCKED))
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await removal.RunAsync(
        "orders.idempotency_key", Statement, new { before = clock.GetUtcNow() - TimeSpan.FromHours(24) }, cancellationToken);
}
