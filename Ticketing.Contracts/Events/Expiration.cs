namespace Ticketing.Contracts;

/// <summary>The time of these orders is up, by the clock of Expiration. Orders decides by its own clock.</summary>
/// <param name="OrderIds">1–500 orders.</param>
public sealed record ExpirationComplete(IReadOnlyList<Guid> OrderIds);
