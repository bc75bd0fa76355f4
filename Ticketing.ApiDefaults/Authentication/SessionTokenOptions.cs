namespace Ticketing.ApiDefaults;

/// <summary>Whose tokens are accepted, and for whom they are meant. Configuration section <c>Authentication</c>.</summary>
public sealed class SessionTokenOptions
{
    /// <summary>The configuration section's name.</summary>
    public const string Section = "Authentication";

    /// <summary>
    /// The site's public origin, e.g. <c>https://tickets.example</c> (no path, no slash at the end): the token's <c>iss</c>.
    /// </summary>
    public string Issuer { get; set; } = "http://localhost:8080";

    /// <summary>The token's <c>aud</c>.</summary>
    public string Audience { get; set; } = "ticketing";

    internal bool HasValidIssuer =>
        Uri.TryCreate(Issuer, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && !Issuer.EndsWith('/');
}
