using Dapper;
using Npgsql;

namespace Ticketing.Reliability;

/// <summary>Watches during a run that no hold outlasts its end by more than it may.</summary>
internal sealed class HoldMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Platform platform;
    private readonly Account account;
    private readonly TimeSpan most;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;
    private DateTime backSince = DateTime.MinValue;

    /// <param name="platform">Whose holds.</param>
    /// <param name="account">Where what it finds is noted.</param>
    /// <param name="most">By how much a hold may outlast its end.</param>
    public HoldMonitor(Platform platform, Account account, TimeSpan most)
    {
        (this.platform, this.account, this.most) = (platform, account, most);
        watching = WatchAsync(stop.Token);
    }

    /// <summary>By how much the latest hold outlasted its end while Orders and its database were there.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Whether Orders or its database is away at the moment.</summary>
    public bool Excused { get; set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await LookAsync(cancellationToken);
            }
            catch (NpgsqlException)
            {
                backSince = TimeProvider.System.GetUtcNow().UtcDateTime;
            }
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (Excused)
            backSince = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using var orders = await platform.Database("orders").OpenConnectionAsync(cancellationToken);
        var due = await orders.QueryFirstOrDefaultAsync<(Guid Id, DateTime End, DateTime Now)?>(
            """
            SELECT id, expires_at, now() FROM orders
            WHERE status IN ('created', 'awaiting:payment') AND expires_at < now()
            ORDER BY expires_at LIMIT 1
            """);
        if (due is not { } hold)
            return;
        var late = hold.Now - (hold.End > backSince ? hold.End : backSince);
        if (late > Longest)
            Longest = late;
        if (late > most)
            account.Break("A hold ends on time", $"order {hold.Id} ended at {hold.End:O} and still held its tickets {late.TotalSeconds:0.0} s later");
    }
}
