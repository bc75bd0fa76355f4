using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ticketing.ServiceDefaults;

/// <summary>The platform's own activity source and meter; both are exported by every service.</summary>
public static class Telemetry
{
    /// <summary>Name of <see cref="Source"/> and <see cref="Meter"/>.</summary>
    public const string Name = "Ticketing";

    /// <summary>Starts the activities of the platform's own work.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Holds the platform's own metrics.</summary>
    public static Meter Meter { get; } = new(Name);
}
