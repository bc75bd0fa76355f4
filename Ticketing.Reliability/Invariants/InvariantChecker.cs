using System.Diagnostics;

namespace Ticketing.Reliability;

/// <summary>Looks at a platform until everything holds, or until it has had long enough to settle.</summary>
internal sealed class InvariantChecker(Platform platform)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly SnapshotReader reader = new(platform);

    /// <param name="patience">How long it may take to settle.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The last look, and what still did not hold then.</returns>
    public async Task<(Snapshot Snapshot, IReadOnlyList<Violation> Violations)> CheckAsync(
        TimeSpan patience, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var snapshot = await reader.ReadAsync(cancellationToken);
            List<Violation> violations = [.. Invariant.Violations(snapshot)];
            if (violations.Count == 0 || watch.Elapsed > patience)
                return (snapshot, violations);
            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
