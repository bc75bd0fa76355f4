using System.Diagnostics;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Says on the span of a message what it carries. A message of one is in the trace of its event, and says which order and listing
/// it is about; one of many links to theirs.
/// </summary>
public static class EventActivities
{
    /// <summary>OpenTelemetry's own limit; of the others there is the count.</summary>
    private const int MaxLinks = 128;

    private const string Count = "messaging.batch.message_count";

    /// <summary>Links the span to the traces of all that its message carries, and counts them.</summary>
    /// <param name="activity">The span, if anybody records it.</param>
    /// <param name="traceParents">The traces; null where there is none.</param>
    public static void Link(Activity? activity, IReadOnlyList<string?> traceParents)
    {
        if (activity is not { IsAllDataRequested: true })
            return;
        activity.SetTag(Count, traceParents.Count);
        foreach (var parent in traceParents.Distinct().Take(MaxLinks))
        {
            if (ActivityContext.TryParse(parent, null, isRemote: true, out var trace))
                activity.AddLink(new ActivityLink(trace));
        }
    }

    internal static void Tell(IReadOnlyList<BatchedEvent> events)
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
            return;
        if (events is [var alone])
            TellIds(alone.Event);
        else
            Link(activity, [.. events.Select(sent => sent.TraceParent)]);
    }

    // The events name what they are about in these ways.
    private static void TellIds(JsonElement sent)
    {
        Tell(Telemetry.OrderId, sent, ["order", "id"], ["payment", "orderId"], ["orderId"]);
        Tell(Telemetry.TicketId, sent, ["order", "ticketId"], ["listing", "id"], ["ticketId"]);
    }

    private static void Tell(string attribute, JsonElement sent, params string[][] paths)
    {
        foreach (var path in paths)
        {
            var found = sent;
            if (path.All(name => found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out found)) && found.TryGetGuid(out var id))
            {
                Telemetry.About(attribute, id);
                return;
            }
        }
    }
}
