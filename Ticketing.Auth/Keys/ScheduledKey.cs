using Ticketing.ApiDefaults;


namespace Ticketing.Auth.Keys;

/// <summary>A private key, and from when on it signs.</summary>
internal sealed record ScheduledKey(SigningKey Key, DateTimeOffset SignsFrom);
