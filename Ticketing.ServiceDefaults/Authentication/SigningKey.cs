using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;

namespace Ticketing.ServiceDefaults;

/// <summary>A private P-256 key in use, and its public half for those who verify.</summary>
public sealed class SigningKey
{
    // ECDsa's instance members are not promised to be safe for several threads at once.
    private readonly ObjectPool<ECDsa> signers;

    /// <summary>Takes a key in use.</summary>
    /// <param name="kid">The key's name, which what it signs will carry.</param>
    /// <param name="privateKey">As <see cref="Generate"/> made it.</param>
    /// <exception cref="CryptographicException">It is no private key.</exception>
    public SigningKey(string kid, byte[] privateKey)
    {
        Kid = kid;
        signers = new DefaultObjectPoolProvider().Create(new Signers(privateKey));

        var publicKey = Use(signer => signer.ExportParameters(includePrivateParameters: false));
        Verifier = new VerificationKey(kid, publicKey);
        Published = JsonWebKey.From(kid, publicKey);
    }

    /// <summary>The key's name.</summary>
    public string Kid { get; }

    /// <summary>Verifies what it signed.</summary>
    public VerificationKey Verifier { get; }

    /// <summary>Its public half, as it is published.</summary>
    public JsonWebKey Published { get; }

    /// <summary>A new private key, as it is stored: PKCS #8.</summary>
    public static byte[] Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>Lends the private key to one piece of work, which has it alone.</summary>
    /// <param name="work">Must not keep the key.</param>
    public T Use<T>(Func<ECDsa, T> work)
    {
        var signer = signers.Get();
        try
        {
            return work(signer);
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
