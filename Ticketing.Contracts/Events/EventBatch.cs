using System.Text.Json;

namespace Ticketing.Contracts;

/// <summary>
/// What a message carries: events of one kind that waited in the outbox at the same time; alone when it is calm, many in a rush.
/// Neither order nor repetition means anything: each event tells the whole state and its version.
/// </summary>
/// <param name="Events">1 to <see cref="EventBatch.MaxSize"/>.</param>
/// <typeparam name="TEvent">The kind.</typeparam>
public sealed record EventBatch<TEvent>(IReadOnlyList<BatchedEvent> Events)
    where TEvent : class;

/// <summary>An event as it was committed.</summary>
/// <param name="Id">The same however often it is sent.</param>
/// <param name="Event">
/// Its JSON, untouched: a relay that is older than the writer drops no field, and whoever reads it reads each event alone.
/// </param>
/// <param name="TraceParent">The trace that it belongs to, if any.</param>
public sealed record BatchedEvent(Guid Id, JsonElement Event, string? TraceParent = null);

/// <summary>The bounds of an <see cref="EventBatch{TEvent}"/>.</summary>
public static class EventBatch
{
    /// <summary>The most events of one message.</summary>
    public const int MaxSize = 500;

    /// <summary>From so many characters of JSON on, no further event is put into a message.</summary>
    public const int MaxLength = 1_000_000;
}
