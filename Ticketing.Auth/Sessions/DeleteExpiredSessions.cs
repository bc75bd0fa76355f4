using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Auth.Sessions;

/// <summary>
/// Deletes what nobody can use any more, a batch at a time, so that no lock is held for long; replicas share the work.
/// A day late, since a token that ends at this moment may just be on its way to a successor.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class DeleteExpiredSessions(NpgsqlDataSource database, TimeProvider time) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Delay = TimeSpan.FromDays(1);
    private const int BatchSize = 1_000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await Run(cancellationToken);

    /// <summary>Deletes all that is due; says how many tokens that were.</summary>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        int deleted, all = 0;
        do
        {
            deleted = await connection.QuerySingleAsync<int>(new CommandDefinition(
                """
                WITH expired AS (
                    DELETE FROM refresh_tokens WHERE hash IN (
                        SELECT hash FROM refresh_tokens WHERE expires_at <= @due
                        ORDER BY expires_at LIMIT @BatchSize FOR UPDATE SKIP LOCKED)
                    RETURNING family_id
                ), ended AS (
                    DELETE FROM refresh_families AS family USING (SELECT DISTINCT family_id FROM expired) AS e
                    WHERE family.id = e.family_id AND NOT EXISTS (
                        SELECT FROM refresh_tokens WHERE family_id = family.id AND expires_at > @due)
                )
                SELECT count(*)::integer FROM expired
                """,
                new { due = time.GetUtcNow() - Delay, BatchSize },
                cancellationToken: cancellationToken));
            all += deleted;
        }
        while (deleted == BatchSize);

        return all;
    }
}
