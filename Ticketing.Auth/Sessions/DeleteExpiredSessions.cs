using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Auth.Sessions;

/// <summary>
/// Deletes what nobody can use any more, a batch at a time, so that no lock is held for long. A day late, since a token
/// that ends at this moment may just be on its way to a successor. One replica at a time: the tokens of one family in two
/// batches could lock each other up. The others have nothing to do meanwhile.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class DeleteExpiredSessions(NpgsqlDataSource database, TimeProvider time) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Delay = TimeSpan.FromDays(1);
    private const int BatchSize = 1_000;

    // Any number will do that nothing else in this database locks.
    private const long AdvisoryLock = 7_428_102;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await RunAsync(cancellationToken);

    /// <summary>Deletes all that is due; says how many tokens that were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        int deleted, all = 0;
        do
        {
            deleted = await connection.QuerySingleAsync<int>(new CommandDefinition(
                """
                WITH turn AS MATERIALIZED (
                    SELECT pg_try_advisory_xact_lock(@AdvisoryLock) AS ours
                ), expired AS (
                    DELETE FROM refresh_tokens WHERE (SELECT ours FROM turn) AND hash = ANY(ARRAY(
                        SELECT hash FROM refresh_tokens WHERE expires_at <= @due ORDER BY expires_at LIMIT @BatchSize))
                    RETURNING family_id
                ), ended AS (
                    DELETE FROM refresh_families AS family
                    WHERE id = ANY(ARRAY(SELECT DISTINCT family_id FROM expired)) AND NOT EXISTS (
                        SELECT FROM refresh_tokens WHERE family_id = family.id AND expires_at > @due)
                )
                SELECT count(*)::integer FROM expired
                """,
                new { due = time.GetUtcNow() - Delay, BatchSize, AdvisoryLock },
                cancellationToken: cancellationToken));
            all += deleted;
        }
        while (deleted == BatchSize);

        return all;
    }
}
