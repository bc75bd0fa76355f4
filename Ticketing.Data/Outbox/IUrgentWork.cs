namespace Ticketing.Data;

/// <summary>
/// Work that goes before the publishing of events when there is too much of both: people wait for it. The relay of the
/// outbox asks all that are registered.
/// </summary>
public interface IUrgentWork
{
    /// <summary>Whether so much of it waits that events should come later. Cheap; asked often.</summary>
    bool IsPressing { get; }
}
