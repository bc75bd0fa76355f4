using System.Security.Cryptography;
using System.Text;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>Signs real session tokens for made-up users, in place of Auth, and publishes the key to the services.</summary>
internal sealed class TestUsers : IJsonWebKeys, IDisposable
{
    private const string Kid = "test";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lock signing = new();
    private readonly VerificationKey published;

    public TestUsers() =>
        published = JsonWebKey.From(Kid, key.ExportParameters(includePrivateParameters: false)).TryImport(out var imported)
            ? imported
            : throw new InvalidOperationException("The test's own key cannot be imported.");

    public string TokenFor(Guid userId, DateTimeOffset now)
    {
        var token = new SessionToken(
            Guid.CreateVersion7(), userId, $"{userId:N}@example.test", now.AddSeconds(-1), now.AddHours(1));
        lock (signing)
            return SessionTokenWriter.Write(token, new SessionTokenOptions(), Kid, key);
    }

    /// <summary>Signs any two segments, as only the holder of the key can.</summary>
    public string Sign(string header, string claims)
    {
        lock (signing)
        {
            var signature = key.SignData(
                Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return $"{header}.{claims}.{StrictBase64Url.Encode(signature)}";
        }
    }

    /// <summary>The public key, in the forms that a service might mistake for a secret.</summary>
    public IEnumerable<(string Kind, byte[] Secret)> PublicKeyAsSecrets() =>
    [
        ("PEM", Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem())),
        ("DER", key.ExportSubjectPublicKeyInfo()),
        ("x", key.ExportParameters(includePrivateParameters: false).Q.X!),
    ];

    public ValueTask<VerificationKey?> FindAsync(string kid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(kid == Kid ? published : null);

    public void Dispose() => key.Dispose();
}
