namespace Ticketing.Messaging;

/// <summary>Takes events of one kind, in whatever order and however often they come: each tells the whole state and its version.</summary>
/// <typeparam name="TEvent">The kind.</typeparam>
public interface IHandleEvents<TEvent>
    where TEvent : class
{
    /// <summary>Takes events, all of them or none where that is one statement.</summary>
    /// <param name="events">At least one. They may be given again, together or alone, also after some of them were taken.</param>
    /// <param name="cancellationToken">The service stops, or the message has taken too long.</param>
    /// <exception cref="Exception">One of them, or a server that it needs, is to blame; which one is found by giving each alone.</exception>
    Task HandleAsync(IReadOnlyList<ReceivedEvent<TEvent>> events, CancellationToken cancellationToken);
}

/// <summary>An event as a handler gets it.</summary>
/// <param name="Event">What it tells.</param>
/// <param name="TraceParent">The trace that it belongs to, if any.</param>
public readonly record struct ReceivedEvent<TEvent>(TEvent Event, string? TraceParent)
    where TEvent : class;
