using System.Security.Cryptography;
using System.Text;

namespace Ticketing.LocalHosting.Dashboard.Access;

internal static class Secrets
{
    /// <summary>Compares in a time that tells nothing about where they differ.</summary>
    public static bool AreEqual(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
