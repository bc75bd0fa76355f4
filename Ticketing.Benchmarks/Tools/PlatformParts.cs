using Ticketing.AppHost.Processes;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>The processes of each part of the platform.</summary>
internal static class PlatformParts
{
    /// <summary>Each resource's processes now, by its name, replicas together; not those below them.</summary>
    public static ILookup<string, ProcessIdentity> Read(Platform platform) => platform.Host.Instances
        .Where(instance => instance.Pid is not null)
        .Select(instance => (instance.Name, Process: ProcessIdentity.Of(instance.Pid!.Value)))
        .Where(part => part.Process is not null)
        .ToLookup(part => part.Name, part => part.Process!.Value);
}
