using System.Globalization;

namespace Ticketing.AppHost.Supervision;

internal static class Snapshots
{
    /// <summary>The process that a resource runs as or last ran as, or null if it was not started yet.</summary>
    public static int? ProcessId(this CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, CultureInfo.InvariantCulture)
            : null;
}
