using Quartz;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tickets;

/// <summary>
/// What an order held that ended without ever being sold is forgotten after <see cref="RetentionOptions.Days"/>. It is in no total
/// and in no books. Sold is for ever, also what was taken back: a late event of it would count it again.
/// </summary>
/// <remarks>An order that is just being entered is passed over; what is entered later than that is judged by its age.</remarks>
[DisallowConcurrentExecution]
internal sealed class ForgetReservations(Removal removal, Retention retention) : IJob
{
    private const string Statement =
        """
        DELETE FROM reservations WHERE order_id = ANY(ARRAY(
            SELECT order_id FROM reservations WHERE state = 'freed' AND NOT was_sold AND order_id < @FirstKept
            ORDER BY order_id LIMIT @BatchSize FOR UPDATE SKIP LOCKED))
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await removal.RunAsync("reservations", Statement, new { retention.FirstKept }, cancellationToken);
}
