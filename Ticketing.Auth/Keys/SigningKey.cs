using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;
using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.Keys;

/// <summary>A private key in use, and its public half for those who verify.</summary>
internal sealed class SigningKey
{
    // ECDsa's instance members are not promised to be safe for several threads at once.
    private readonly ObjectPool<ECDsa> signers;

    public SigningKey(string kid, byte[] privateKey, DateTimeOffset signsFrom)
    {
        Kid = kid;
        SignsFrom = signsFrom;
        signers = new DefaultObjectPoolProvider().Create(new Signers(privateKey));

        var signer = signers.Get();
        var publicKey = signer.ExportParameters(includePrivateParameters: false);
        signers.Return(signer);
        Verifier = new VerificationKey(kid, publicKey);
        Published = JsonWebKey.From(kid, publicKey);
    }

    public string Kid { get; }

    public DateTimeOffset SignsFrom { get; }

    public VerificationKey Verifier { get; }

    public JsonWebKey Published { get; }

    /// <summary>A new private key, as it is stored: PKCS #8.</summary>
    public static byte[] Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    public string Sign(SessionToken token, SessionTokenOptions options)
    {
        var signer = signers.Get();
        try
        {
            return SessionTokenWriter.Write(token, options, Kid, signer);
        }
        finally
        {
            signers.Return(signer);
        }
    }

    private sealed class Signers(byte[] privateKey) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create()
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(privateKey, out _);
            return key;
        }

        public override bool Return(ECDsa obj) => true;
    }
}
