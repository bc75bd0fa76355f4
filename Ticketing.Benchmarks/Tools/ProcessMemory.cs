using System.Globalization;
using Ticketing.AppHost.Processes;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>
/// How much memory each part of the platform occupies now: the proportional set size of all its processes
/// (<c>/proc/PID/smaps_rollup</c>), in which a page that several processes share counts once, in parts.
/// </summary>
internal static class ProcessMemory
{
    private const string Field = "Pss:";

    /// <summary>In megabytes, by the resource's name, replicas and a server's own processes together.</summary>
    public static Dictionary<string, double> Read(Platform platform) =>
        PlatformParts.Read(platform).ToDictionary(part => part.Key, part => part.SelectMany(process => process.Tree()).Sum(MegabytesOf));

    /// <summary>In megabytes, by the name of the program: the AppHost, all that it started, and the orchestrator's and the dashboard's.</summary>
    public static Dictionary<string, double> Read(AppHostProcess appHost) =>
        appHost.Processes().GroupBy(process => process.Pid == appHost.Id ? "Ticketing.AppHost" : process.Program).ToDictionary(part => part.Key, part => part.Sum(MegabytesOf));

    private static double MegabytesOf(ProcessIdentity process)
    {
        try
        {
            // "Pss:               12345 kB"
            return File.ReadLines($"/proc/{process.Pid}/smaps_rollup").First(line => line.StartsWith(Field, StringComparison.Ordinal)) is var line
                ? long.Parse(line[Field.Length..^2], CultureInfo.InvariantCulture) / 1024.0
                : 0;
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return 0;
        }
    }
}
