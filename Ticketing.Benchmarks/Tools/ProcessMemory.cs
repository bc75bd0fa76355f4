using System.Globalization;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.Benchmarks;

/// <summary>
/// How much memory each part of the platform occupies now: the proportional set size of all its processes
/// (<c>/proc/PID/smaps_rollup</c>), in which a page that several processes share counts once, in parts.
/// </summary>
internal static class ProcessMemory
{
    private const string Field = "Pss:";

    /// <summary>In megabytes, by the resource's name, replicas and a server's own processes together; and the AppHost's.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> ReadAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var memory = (await PlatformParts.ReadAsync(bench.Platform, cancellationToken))
            .ToDictionary(part => part.Key, part => part.SelectMany(process => process.Tree()).Sum(MegabytesOf));
        memory["apphost"] = ProcessIdentity.Of(bench.AppHost) is { } host ? MegabytesOf(host) : 0;
        return memory;
    }

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
