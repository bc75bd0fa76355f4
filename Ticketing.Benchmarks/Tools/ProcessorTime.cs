using Ticketing.AppHost.Processes;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>How much of the processor each resource has used since it started, replicas together.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    /// <summary>In seconds, by the resource's name; a server's own processes and those that have ended are in it.</summary>
    public static IReadOnlyDictionary<string, double> Read(Platform platform) =>
        PlatformParts.Read(platform).ToDictionary(part => part.Key, part => part.SelectMany(process => process.Tree()).Sum(SecondsOf));

    private static double SecondsOf(ProcessIdentity process) => (ProcStat.Read(process.Pid)?.ProcessorTicks ?? 0) / TicksPerSecond;
}
