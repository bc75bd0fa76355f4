using Dapper;
using Microsoft.Extensions.Options;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>For tests of what is forgotten.</summary>
internal static class Retentions
{
    /// <summary>The least that may be set, which is what services have.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>What is past its time by this clock is gone after it has been turned by so much.</summary>
    public static readonly TimeSpan Past = Kept + TimeSpan.FromHours(2);

    /// <summary>As good as none: the age of an event is not looked at.</summary>
    public static Retention None(TimeProvider clock) => new(Options.Create(new RetentionOptions { Days = 3_650 }), clock);

    /// <summary>
    /// Has a job run while another transaction is changing the row that it is about to remove, and commits that. A job that passes
    /// over such rows is through before; one that waits for them goes on afterwards.
    /// </summary>
    /// <param name="platform">Of the service.</param>
    /// <param name="service">Whose database it is.</param>
    /// <param name="job">The job.</param>
    /// <param name="commit">Ends the transaction.</param>
    public static async Task RaceAsync(TestPlatform platform, string service, Func<Task> job, Func<Task> commit)
    {
        var running = job();
        await using var connection = await platform.OpenAsync(service);
        await Eventually.HoldsAsync(
            async () => running.IsCompleted || await connection.ExecuteScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
            "the job is through or waits");
        await commit();
        await running;
    }
}
