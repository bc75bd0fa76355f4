using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;

namespace Ticketing.Web.Languages;

/// <summary>
/// What the site says, in the language of whoever it is said to (<see cref="CultureInfo.CurrentUICulture"/>). The English
/// text is the key; another language's are in the <c>.resx</c> files, of which a page's own lies beside it.
/// </summary>
internal static partial class Texts
{
    private const string SharedSource = "Ticketing.Web.Languages.Shared";
    private const string MessagesSource = "Ticketing.Web.Languages.Messages";

    private static readonly Assembly Site = typeof(Texts).Assembly;
    private static readonly ConcurrentDictionary<(string Source, string Language), FrozenDictionary<string, string>> Read = new();

    /// <summary>A text that several pages, or pages and scripts, have in common (<c>Shared.de.resx</c>).</summary>
    public static string Shared(string english, params object?[] arguments) =>
        Format(Find(SharedSource, english) ?? english, arguments);

    /// <summary>
    /// What is wrong, in the words of a service or of a form (<c>Messages.de.resx</c>). The services say it in English;
    /// numbers, with the currency of an amount, are placeholders in the key, and what is not known whole is looked up sentence
    /// by sentence.
    /// </summary>
    public static string Message(string english) =>
        FindMessage(english) ?? string.Join(' ', EndOfSentence().Split(english).Select(part => FindMessage(part) ?? part));

    /// <summary>The text in the present language; null if it has none, as English never has.</summary>
    /// <param name="source">The resource's name without language, e.g. <c>Ticketing.Web.Pages.Index</c>.</param>
    /// <param name="english">The key.</param>
    public static string? Find(string source, string english)
    {
        var culture = CultureInfo.CurrentUICulture;
        return Read.GetOrAdd((source, culture.Name), static key => ReadAll(key.Source, key.Language)).GetValueOrDefault(english);
    }

    /// <summary>Fills in placeholders, by the present culture.</summary>
    public static string Format(string text, object?[] arguments) =>
        arguments.Length == 0 ? text : string.Format(CultureInfo.CurrentCulture, text, arguments);

    private static string? FindMessage(string english)
    {
        if (Find(MessagesSource, english) is { } whole)
            return whole;
        var numbers = new List<object?>();
        var key = Number().Replace(english, number =>
        {
            numbers.Add(InThisCulture(number.Groups["number"].Value) + number.Groups["currency"].Value);
            return $"{{{numbers.Count - 1}}}";
        });
        return numbers.Count > 0 && Find(MessagesSource, key) is { } text ? Format(text, [.. numbers]) : null;
    }

    private static string InThisCulture(string number) =>
        decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? value.ToString(number.Contains('.') ? "N2" : number.Contains(',') ? "N0" : "0", CultureInfo.CurrentCulture)
            : number;

    private static FrozenDictionary<string, string> ReadAll(string source, string language)
    {
        if (language == Cultures.German.Name
            && Site.GetSatelliteAssembly(Cultures.German).GetManifestResourceStream($"{source}.{language}.resources") is { } stream)
        {
            using var reader = new ResourceReader(stream);
            return reader.Cast<System.Collections.DictionaryEntry>()
                .ToFrozenDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        }
        return FrozenDictionary<string, string>.Empty;
    }

    [GeneratedRegex(@"(?<number>\d+(?:,\d{3})*(?:\.\d+)?)(?<currency> (?:AUD|CAD|EUR|GBP|USD)\b)?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=[.!?]) ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EndOfSentence();
}
