using System.ComponentModel.DataAnnotations;

namespace Ticketing.Auth.RateLimits;

/// <summary>
/// How often one may try to sign in or up; settings <c>RateLimits:…</c>. A whole office behind one address stays far below
/// the defaults, and so does a person who forgot a password.
/// </summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Off for load tests; then Redis is not needed.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The time in which attempts are counted, in seconds; the first attempt begins it.</summary>
    [Range(1, 86_400)]
    public int WindowSeconds { get; init; } = 300;

    /// <summary>Sign-ins that a client's address may try in that time, right or wrong.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerAddress { get; init; } = 300;

    /// <summary>Sign-ins that may be tried for one e-mail address in that time, from anywhere.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerEmail { get; init; } = 60;

    /// <summary>Sign-ups that a client's address may try in that time.</summary>
    [Range(1, 1_000_000)]
    public int SignUpsPerAddress { get; init; } = 300;

    public TimeSpan Window => TimeSpan.FromSeconds(WindowSeconds);
}
