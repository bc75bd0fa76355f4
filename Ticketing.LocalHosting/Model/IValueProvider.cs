namespace Ticketing.LocalHosting;

/// <summary>A value that is known once the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that is made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>The resources and values that it is made of.</summary>
    IEnumerable<object> References { get; }
}
