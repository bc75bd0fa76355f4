using System.Diagnostics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>For handlers whose work on an event is a transaction of its own.</summary>
public static class EachAlone
{
    /// <summary>Does the work for one event after the other, each in the trace that it belongs to.</summary>
    /// <param name="events">The events.</param>
    /// <param name="handle">The work.</param>
    /// <param name="cancellationToken">Ends it between two of them.</param>
    public static async Task HandleEachAsync<TEvent>(
        this IReadOnlyList<ReceivedEvent<TEvent>> events, Func<TEvent, CancellationToken, Task> handle, CancellationToken cancellationToken)
        where TEvent : class
    {
        foreach (var (@event, trace) in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Alone, its message is in its trace already.
            using var activity = events.Count == 1
                ? null
                : Telemetry.Source.StartActivity($"handle {typeof(TEvent).Name}", ActivityKind.Consumer, parentId: trace);
            await handle(@event, cancellationToken);
        }
    }
}
