using Ticketing.LocalHosting.Processes;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>How much of the processor each resource has used since it started, replicas together.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    /// <summary>In seconds, by the resource's name; a server's own processes and those that have ended are in it.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> ReadAsync(Platform platform, CancellationToken cancellationToken) =>
        (await platform.ResourcesAsync(cancellationToken))
            .Where(row => row.Pid is not null)
            .GroupBy(row => NameOf(row.Name))
            .ToDictionary(replicas => replicas.Key, replicas => replicas.Sum(row => SecondsOf(row.Pid!.Value)));

    /// <summary>A second replica is <c>orders-2</c>.</summary>
    private static string NameOf(string row) => row.Split('-')[0];

    private static double SecondsOf(int pid) =>
        (ProcessIdentity.Of(pid)?.Tree() ?? []).Sum(process => ProcStat.Read(process.Pid)?.ProcessorTicks ?? 0) / TicksPerSecond;
}
