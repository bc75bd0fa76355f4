using System.Text.RegularExpressions;

namespace Ticketing.LocalHosting.Engine;

/// <summary>Reads what processes write for people.</summary>
internal static partial class ConsoleText
{
    /// <summary>Without colours and other control characters.</summary>
    public static string Clean(string text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') ? Controls().Replace(text, "") : text;

    /// <summary>How bad it is, where the line says so in .NET's, PostgreSQL's, RabbitMQ's or Redis' way; else null.</summary>
    public static string? LevelOf(string text)
    {
        var match = Levels().Match(text);
        return !match.Success ? null
            : match.Groups["error"].Success ? "error"
            : match.Groups["warning"].Success ? "warning"
            : match.Groups["debug"].Success ? "debug"
            : "information";
    }

    // ESC [ 31 m and other control characters, but for the tab.
    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0a-\x1f]")]
    private static partial Regex Controls();

    // "warn: Category[0]", "2026-01-01 10:00:00.000 UTC [12] ERROR:  …", "… [warning] <0.1.0> …", "12:M 01 Jan 2026 10:00:00.000 # …"
    [GeneratedRegex(
        @"^(?:(?<error>fail|crit|Unhandled exception)|(?<warning>warn)|(?<debug>dbug|trce)|info)\b"
        + @"|\] (?:(?<error>ERROR|FATAL|PANIC)|(?<warning>WARNING)|(?<debug>DEBUG)|LOG|NOTICE|HINT|DETAIL|STATEMENT|CONTEXT):"
        + @"|\[(?:(?<error>error|critical)|(?<warning>warning)|(?<debug>debug)|info|notice)\] <"
        + @"|^\d+:[MSCX] .{20,28} (?:(?<warning>\#)|(?<debug>[-.])|\*) ",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Levels();
}
