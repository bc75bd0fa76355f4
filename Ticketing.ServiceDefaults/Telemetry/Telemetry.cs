using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ticketing.ServiceDefaults;

/// <summary>The platform's own activity source and meter; both are exported by every service.</summary>
public static class Telemetry
{
    /// <summary>Name of <see cref="Source"/> and <see cref="Meter"/>.</summary>
    public const string Name = "Ticketing";

    /// <summary>Attribute of spans and logs: which order they are about.</summary>
    public const string OrderId = "ticketing.order.id";

    /// <summary>Attribute of spans and logs: which listing they are about.</summary>
    public const string TicketId = "ticketing.ticket.id";

    /// <summary>Starts the activities of the platform's own work.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Holds the platform's own metrics.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Says what the present work is about, on its span and on what is logged during it.</summary>
    /// <param name="name">One of the attributes above.</param>
    /// <param name="id">An id of ours.</param>
    public static void About(string name, Guid id)
    {
        if (Activity.Current is { IsAllDataRequested: true } activity)
            activity.SetTag(name, id.ToString());
    }
}
