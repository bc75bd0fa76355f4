using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>One script that brings the database a step further; an embedded <c>*.sql</c> file.</summary>
/// <param name="Name">The resource's name, as the journal has it. Scripts run in the order of their names.</param>
/// <param name="Sql">What is run.</param>
internal sealed partial record Migration(string Name, string Sql)
{
    private const string OutsideTransactionMark = "-- outside a transaction";

    /// <summary>
    /// Whether it runs outside a transaction, as <c>CREATE INDEX CONCURRENTLY</c> must: its first line says so. It is one
    /// statement, and one that may run again (<c>IF NOT EXISTS</c>), since it can be done without the journal knowing.
    /// </summary>
    public bool OutsideTransaction => Sql.StartsWith(OutsideTransactionMark, StringComparison.Ordinal);

    /// <summary>SHA-256 of the script, whatever its line endings, in hexadecimal.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The words of the script, among them the name of an index that it makes.</summary>
    public string[] Words => [.. Word().Matches(Sql).Select(match => match.Value).Distinct()];

    /// <summary>Our own scripts (the outbox), then the service's, each sorted by number.</summary>
    /// <param name="service">The assembly with the service's.</param>
    public static IReadOnlyList<Migration> Of(Assembly service) =>
        [.. new[] { typeof(Migration).Assembly, service }.SelectMany(assembly => assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new Migration(name, EmbeddedText.Read(assembly, name))))];

    [GeneratedRegex("[a-z_][a-z0-9_]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}

/// <summary>A script was changed after it had been applied: what the database has is not what the service expects.</summary>
/// <param name="name">The script.</param>
internal sealed class ChangedMigrationException(string name)
    : Exception($"The migration {name} was changed after it had been applied; put it back, and make the change in a new one.");
