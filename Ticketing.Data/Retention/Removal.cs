using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>
/// Removes what has had its time, a batch after the other until nothing is left, each in a transaction of its own and with a pause
/// behind it: however much there is, no lock is held for long, and the server has time for others.
/// </summary>
public sealed partial class Removal(NpgsqlDataSource database, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Removal> logger)
{
    /// <summary>The most that one statement removes; as <c>@BatchSize</c> in it.</summary>
    public const int BatchSize = 500;

    /// <summary>How often the jobs look.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly Counter<long> Removed = Telemetry.Meter.CreateCounter<long>(
        "ticketing.retention.removed", "{row}", "Rows, or what they remembered, that had had their time, by the table.");

    /// <summary>Removes all; a service that stops goes on with the rest at its next start.</summary>
    /// <param name="table">Where, for the metric and the log.</param>
    /// <param name="statement">Removes at most <c>@BatchSize</c>, says how many as the count of its rows, and passes over what another
    /// transaction has locked: replicas may do it at the same time.</param>
    /// <param name="parameters">Of the statement, besides <c>@BatchSize</c>.</param>
    /// <param name="cancellationToken">Ends it after a batch.</param>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(string table, string statement, object parameters, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var all = new DynamicParameters(parameters);
        all.Add("BatchSize", BatchSize);
        var total = 0;
        try
        {
            int removed;
            do
            {
                if (total > 0)
                    await Task.Delay(Pause, clock, stopping.Token);
                removed = await RemoveAsync(statement, all, stopping.Token);
                Removed.Add(removed, new KeyValuePair<string, object?>("ticketing.table", table));
                total += removed;
            }
            while (removed == BatchSize);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Each batch is whole by itself.
        }
        if (total > 0)
            LogRemoved(total, table);
        return total;
    }

    private async Task<int> RemoveAsync(string statement, DynamicParameters parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(statement, parameters, cancellationToken: cancellationToken));
    }

    [LoggerMessage(LogLevel.Information, "{Count} rows of {Table} had had their time")]
    private partial void LogRemoved(int count, string table);
}
