using System.Text;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>Values that programs stumble over.</summary>
internal static class Strange
{
    /// <summary>Strings as bytes in Latin-1 characters: UTF-8, and what is none.</summary>
    private static readonly string[] Strings =
    [
        "", " ", "\0", "a\0b", "\u0001\u001f", "'", "' OR 1=1 --", "\"", "\\", "%", "_", "%s%n", "${jndi:ldap://127.0.0.1/}", "{{7*7}}",
        "<script>alert(1)</script>", "../../etc/passwd", "..\\..", "\r\nX-Injected: 1", "null", "true", "NaN", "-0", "1e999", "0x10",
        "9223372036854775808", "-1", "1.5", "tok_visa", "tok_chargeDeclined", "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "2000-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "2030-02-30", "0001-01-01T00:00:00+14:00",
        Utf8("Zürich"), Utf8("日本語"), Utf8("😀"), Utf8("\u202eabc\u202c"), Utf8("\u200b"), Utf8("\ufeff"), Utf8("e\u0301"), Utf8("\ufdfa"),
        Utf8("İıßſ"), Utf8("\u0130\u0131@\u212a.com"), Utf8("\uffff"), Utf8("\u2028"),
        // Overlong, cut off, a surrogate, beyond Unicode.
        "\u00c0\u00af", "\u00e2\u0082", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00ff\u00fe", "\u0080",
    ];

    private static readonly string[] JsonValues =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "1e400", "-1e400", "1e-400", "0.1", "0.001", "1.0", "1.00", "1e2", "10.999999999999999999999999999999",
        "79228162514264337593543950336", "NaN", "Infinity", "01", "1.", ".5", "+1", "0x1", "1_000", "[]", "{}", "[1]", "[[]]", "[null]",
        "{\"a\":1}", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u12\"", "\"\\x41\"", "\"unended", "undefined",
        "\"1\"", "\"1.5\"", "\"1e5\"", "\"-1\"", "\" 5 \"", "\"5,00\"", "/*c*/1", "'single'",
    ];

    public static string Text(Random random) => random.Next(12) switch
    {
        0 => new string('a', random.Next(190, 270)),
        1 => new string('x', random.Next(1_000, 9_000)),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(256))),
        _ => Pick(random, Strings),
    };

    public static string JsonValue(Random random) => random.Next(10) switch
    {
        0 => $"\"{Text(random)}\"",
        1 => new string('9', random.Next(20, 5_000)),
        2 => string.Concat(Enumerable.Repeat("[", random.Next(1, 3_000))),
        3 => Deep(random.Next(1, 500)),
        _ => Pick(random, JsonValues),
    };

    public static string Id(Random random) => random.Next(8) switch
    {
        0 => Guid.NewGuid().ToString(),
        1 => Guid.NewGuid().ToString("N"),
        2 => $"{{{Guid.NewGuid()}}}",
        3 => Guid.NewGuid().ToString().ToUpperInvariant(),
        4 => $"{Guid.NewGuid()}%00",
        5 => random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Escape(Text(random), random),
    };

    /// <summary>Percent-encodes what cannot stand in a request's target, and sometimes more than that, or less than well.</summary>
    public static string Escape(string text, Random random)
    {
        var all = random.Next(4) == 0;
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (all || c is <= ' ' or >= '\u007f' or '%' or '#' or '?' or '&' or '+' or '"' or '<' or '>')
                escaped.Append('%').Append(((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(c);
        }
        return random.Next(20) == 0 ? escaped.Append(Pick(random, ["%", "%2", "%zz", "%u0041", "%%"])).ToString() : escaped.ToString();
    }

    public static T Pick<T>(Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    private static string Deep(int levels) =>
        string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);

    private static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
