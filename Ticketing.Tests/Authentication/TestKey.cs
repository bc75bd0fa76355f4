using System.Security.Cryptography;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Authentication;

/// <summary>A signing key and its published half, as a service would find it.</summary>
internal sealed class TestKey(string kid) : IJsonWebKeys, IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public JsonWebKey Published => JsonWebKey.From(kid, key.ExportParameters(includePrivateParameters: false));

    public string Sign(SessionToken token, SessionTokenOptions? options = null) =>
        SessionTokenWriter.Write(token, options ?? new SessionTokenOptions(), kid, key);

    public byte[] SignRaw(byte[] data) =>
        key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public byte[] PublicPem() => System.Text.Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem());

    public ValueTask<VerificationKey?> FindAsync(string wanted, CancellationToken cancellationToken) =>
        ValueTask.FromResult(wanted == kid && Published.TryImport(out var imported) ? imported : null);

    public void Dispose() => key.Dispose();
}
