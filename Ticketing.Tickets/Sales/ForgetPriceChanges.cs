using Quartz;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tickets.Sales;

/// <summary>Changes of prices are kept for <see cref="RetentionOptions.Days"/>. What was sold at which price is in the books.</summary>
[DisallowConcurrentExecution]
internal sealed class ForgetPriceChanges(Removal removal, Retention retention) : IJob
{
    private const string Statement =
        """
        DELETE FROM price_changes WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM price_changes WHERE changed_at <= @KeptSince
            ORDER BY changed_at LIMIT @BatchSize FOR UPDATE SKIP LOCKED))
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await removal.RunAsync("price_changes", Statement, new { retention.KeptSince }, cancellationToken);
}
