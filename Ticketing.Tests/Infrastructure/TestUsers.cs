using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Ticketing.ApiDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>Signs real session tokens for made-up users, in place of Auth, and publishes the key to the services.</summary>
internal sealed class TestUsers : IDisposable
{
    private readonly SigningKey key;

    public TestUsers(string kid = "test")
    {
        key = new SigningKey(kid, SigningKey.Generate());
        Keys = new StaticConfigurationManager<OpenIdConnectConfiguration>(Configuration);
    }

    /// <summary>What Auth would publish, made anew.</summary>
    public OpenIdConnectConfiguration Configuration => SigningKey.ToConfiguration(key);

    /// <summary>The same, as services ask for it.</summary>
    public IConfigurationManager<OpenIdConnectConfiguration> Keys { get; }

    /// <summary>The same, as it is written.</summary>
    public PublishedKeys Published => PublishedKeys.Of([key]);

    private ECDsa Private => ((ECDsaSecurityKey)key.Credentials.Key).ECDsa;

    public string TokenFor(Guid userId, DateTimeOffset now) =>
        Sign(userId, $"{userId:N}@example.test", now.AddSeconds(-1), TimeSpan.FromHours(1));

    public string Sign(Guid userId, string email, DateTimeOffset now, TimeSpan lifetime, SessionTokenOptions? options = null) =>
        SessionToken.Sign(key, options ?? new SessionTokenOptions(), userId, email, now, lifetime);

    /// <summary>Signs any two segments, as only the holder of the key can.</summary>
    public string Sign(string header, string claims)
    {
        var signature = Private.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The public key, in the forms that a service might mistake for a secret.</summary>
    public IEnumerable<(string Kind, byte[] Secret)> PublicKeyAsSecrets() =>
    [
        ("PEM", Encoding.ASCII.GetBytes(Private.ExportSubjectPublicKeyInfoPem())),
        ("DER", Private.ExportSubjectPublicKeyInfo()),
        ("x", Private.ExportParameters(includePrivateParameters: false).Q.X!),
    ];

    public void Dispose() => Private.Dispose();
}
