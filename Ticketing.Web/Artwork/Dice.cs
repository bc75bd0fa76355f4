using System.Security.Cryptography;

namespace Ticketing.Web.Artwork;

/// <summary>
/// Numbers that look random and are always the same for the same id: SplitMix64 (Steele, Lea, Flood 2014), begun with the
/// id's hash, since ids made at about the same time differ little.
/// </summary>
internal sealed class Dice(Guid id)
{
    private ulong state = BitConverter.ToUInt64(SHA256.HashData(id.ToByteArray(bigEndian: true)));

    /// <summary>From <c>least</c> up to and including <c>most</c>.</summary>
    public int Next(int least, int most) => least + (int)(Draw() % (ulong)(most - least + 1));

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(0, choices.Count - 1)];

    private ulong Draw()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
