using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Ticketing.ServiceDefaults;

/// <summary>Puts on a log record which order and listing the work is about during which it was logged.</summary>
internal sealed class IdsOnLogs : BaseProcessor<LogRecord>
{
    private static readonly string[] Names = [Telemetry.OrderId, Telemetry.TicketId];

    public override void OnEnd(LogRecord data)
    {
        List<KeyValuePair<string, object?>>? attributes = null;
        foreach (var name in Names)
        {
            if (Find(name) is { } id)
                (attributes ??= [.. data.Attributes ?? []]).Add(new(name, id));
        }
        if (attributes is not null)
            data.Attributes = attributes;
    }

    private static object? Find(string name)
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.GetTagItem(name) is { } id)
                return id;
        }
        return null;
    }
}
