using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ticketing.Tickets.Admissions;

/// <summary>
/// The short form of a ticket's code: 12 random characters of Crockford's base 32 (https://www.crockford.com/base32.html),
/// which are 60 bits. Written in groups, <c>7K3M-X9QH-2RTV</c>; read in any case, grouped or not, with O for 0 and I or L
/// for 1.
/// </summary>
internal static class AdmissionCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 12;
    private const int Group = 4;

    /// <summary>A new one, from the system's strong source.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>As people read it.</summary>
    public static string Display(string code) => string.Join('-', code.Chunk(Group).Select(group => new string(group)));

    /// <summary>Reads what somebody typed; false if it is no code.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? code)
    {
        code = null;
        var read = new StringBuilder(Length);
        foreach (var character in text)
        {
            if (character is '-' or ' ')
                continue;
            var symbol = char.ToUpperInvariant(character) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
            if (read.Length == Length || !Alphabet.Contains(symbol))
                return false;
            read.Append(symbol);
        }
        if (read.Length < Length)
            return false;
        code = read.ToString();
        return true;
    }

    /// <summary>By which it is looked up.</summary>
    public static byte[] Hash(string code) => SHA256.HashData(Encoding.ASCII.GetBytes(code));
}
