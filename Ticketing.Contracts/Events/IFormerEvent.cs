namespace Ticketing.Contracts;

/// <summary>An event by the name that the release before gave it.</summary>
/// <typeparam name="TEvent">What it is called now.</typeparam>
public interface IFormerEvent<out TEvent>
    where TEvent : class
{
    /// <summary>The same event by its name of today.</summary>
    TEvent ToCurrent();
}
