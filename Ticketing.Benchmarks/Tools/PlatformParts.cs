using Ticketing.LocalHosting.Processes;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>The processes of each part of the platform.</summary>
internal static class PlatformParts
{
    /// <summary>Each resource's processes now, by its name, replicas together; not those below them.</summary>
    public static async Task<ILookup<string, ProcessIdentity>> ReadAsync(Platform platform, CancellationToken cancellationToken) =>
        (await platform.ResourcesAsync(cancellationToken))
            .Where(row => row.Pid is not null)
            .Select(row => (Name: NameOf(row.Name), Process: ProcessIdentity.Of(row.Pid!.Value)))
            .Where(part => part.Process is not null)
            .ToLookup(part => part.Name, part => part.Process!.Value);

    /// <summary>A second replica is <c>orders-2</c>.</summary>
    private static string NameOf(string row) => row.Split('-')[0];
}
