using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;

namespace Ticketing.ServiceDefaults;

/// <summary>A public P-256 key, parsed once and checked to lie on the curve.</summary>
public sealed class VerificationKey
{
    private const int SignatureBytes = 64;

    // ECDsa's instance members are not promised to be safe for several threads at once.
    private readonly ObjectPool<ECDsa> verifiers;

    /// <summary>Takes a public key in use.</summary>
    /// <param name="kid">The key's name.</param>
    /// <param name="key">A point on P-256.</param>
    /// <exception cref="CryptographicException">It is no point on the curve.</exception>
    public VerificationKey(string kid, ECParameters key)
    {
        Kid = kid;
        verifiers = new DefaultObjectPoolProvider().Create(new Verifiers(key));
        verifiers.Return(verifiers.Get());
    }

    /// <summary>The key's name.</summary>
    public string Kid { get; }

    /// <summary>True if this key signed the data (ES256: r and s of 32 bytes each, one after the other).</summary>
    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes) return false;

        var verifier = verifiers.Get();
        try
        {
            return verifier.VerifyData(
                data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            verifiers.Return(verifier);
        }
    }

    private sealed class Verifiers(ECParameters key) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create() => ECDsa.Create(key);

        public override bool Return(ECDsa obj) => true;
    }
}
