using System.Security.Claims;

namespace Ticketing.ServiceDefaults;

/// <summary>What an access token says: who is signed in, since when and until when.</summary>
/// <param name="Id">The token's own id (<c>jti</c>).</param>
/// <param name="UserId">The user (<c>sub</c>), a UUIDv7 that Auth made.</param>
/// <param name="Email">The user's e-mail address at sign-in.</param>
/// <param name="IssuedAt">When it was signed (<c>iat</c>, and <c>nbf</c>), in whole seconds.</param>
/// <param name="ExpiresAt">From when it is refused (<c>exp</c>), in whole seconds; readers add their leeway.</param>
public sealed record SessionToken(Guid Id, Guid UserId, string Email, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The algorithm of every token: ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4).</summary>
    public const string Algorithm = "ES256";

    /// <summary>How far the clocks of two machines may differ.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    /// <summary>Longer tokens are refused unread; ours are about 500 characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>The token's content as a signed-in user.</summary>
    /// <param name="authenticationType">Where the token came from; see <see cref="SessionAuthenticationHandler"/>.</param>
    internal ClaimsPrincipal ToPrincipal(string authenticationType) => new(new ClaimsIdentity(
        [
            new(SessionClaimNames.UserId, UserId.ToString()),
            new(SessionClaimNames.Email, Email),
            new(SessionClaimNames.IssuedAt, IssuedAt.ToUnixTimeSeconds().ToString(), ClaimValueTypes.Integer64),
        ],
        authenticationType, nameType: SessionClaimNames.Email, roleType: null));
}

/// <summary>A token that was read: either what it says, or why it is refused (for the log, not for the client).</summary>
/// <param name="Token">What it says, when it is good.</param>
/// <param name="Failure">Why it is refused, when it is not.</param>
public readonly record struct SessionTokenResult(SessionToken? Token, string? Failure);
