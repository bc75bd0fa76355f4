using System.Globalization;
using System.Text;
using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.Normalization;

/// <summary>
/// Unicode's normalization form C (UAX #15): one spelling for what looks and means the same, such as <c>ü</c> as one character
/// or as <c>u</c> with a combining mark. Our own, since <see cref="string.Normalize()"/> returns what it is given where .NET runs
/// without ICU (<c>InvariantGlobalization</c>), and says nothing of it.
/// </summary>
internal static class CanonicalComposition
{
    // Hangul syllables are composed of their parts by arithmetic (The Unicode Standard, section 3.12).
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, NoTrail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    /// <summary>Nothing below it is composed or decomposed.</summary>
    private const char FirstComposed = '\u00c0';

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text in form C.</summary>
    /// <param name="text">Well-formed UTF-16; half a character stays as it is.</param>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstComposed - 1)))
            return text;

        List<int> decomposed = [];
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, decomposed);
        Order(decomposed);
        var composed = new StringBuilder(text.Length);
        foreach (var codePoint in Compose(decomposed))
            composed.Append(new Rune(codePoint));
        return composed.ToString();
    }

    private static void Decompose(int codePoint, List<int> into)
    {
        if (codePoint - FirstSyllable is >= 0 and < Leads * Vowels * Trails and var syllable)
        {
            into.Add(FirstLead + (syllable / (Vowels * Trails)));
            into.Add(FirstVowel + (syllable % (Vowels * Trails) / Trails));
            if (syllable % Trails is > 0 and var trail)
                into.Add(NoTrail + trail);
        }
        else if (Data.Value.Decompositions.TryGetValue(codePoint, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(codePoint);
        }
    }

    /// <summary>Sorts each run of combining marks by their classes; those of one class keep their order.</summary>
    private static void Order(List<int> codePoints)
    {
        for (var index = 1; index < codePoints.Count; index++)
        {
            var mark = ClassOf(codePoints[index]);
            for (var at = index; mark > 0 && at > 0 && ClassOf(codePoints[at - 1]) > mark; at--)
                (codePoints[at - 1], codePoints[at]) = (codePoints[at], codePoints[at - 1]);
        }
    }

    private static List<int> Compose(List<int> codePoints)
    {
        List<int> composed = [];
        // The base that marks are composed with, and the class of the mark before, if one stands between.
        var (starter, before) = (-1, 0);
        foreach (var codePoint in codePoints)
        {
            var mark = ClassOf(codePoint);
            var adjoins = starter == composed.Count - 1;
            if (starter >= 0 && (adjoins || (before != 0 && before < mark)) && PairOf(composed[starter], codePoint) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }
            if (mark == 0)
                starter = composed.Count;
            before = mark;
            composed.Add(codePoint);
        }
        return composed;
    }

    private static int? PairOf(int first, int second)
    {
        if (first - FirstLead is >= 0 and < Leads and var lead && second - FirstVowel is >= 0 and < Vowels and var vowel)
            return FirstSyllable + (((lead * Vowels) + vowel) * Trails);
        if (first - FirstSyllable is >= 0 and < Leads * Vowels * Trails and var syllable && syllable % Trails == 0
            && second - NoTrail is > 0 and < Trails and var trail)
            return first + trail;
        return Data.Value.Compositions.TryGetValue((first, second), out var pair) ? pair : null;
    }

    private static int ClassOf(int codePoint) => Data.Value.Classes.GetValueOrDefault(codePoint);

    /// <param name="Decompositions">What a code point stands for: one or two others.</param>
    /// <param name="Compositions">Which two become one.</param>
    /// <param name="Classes">Combining classes other than 0.</param>
    private sealed record Tables(
        Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Compositions, Dictionary<int, int> Classes)
    {
        public static Tables Read()
        {
            var tables = new Tables([], [], []);
            var text = EmbeddedText.Read(typeof(CanonicalComposition).Assembly, "unicode.txt");
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
                tables.Add(line.Split(' '));
            return tables;
        }

        // "C4 41 308", "958! 915 93C" (only taken apart) or "300..314 230".
        private void Add(string[] fields)
        {
            if (fields[0].Split("..") is [var first, var last])
            {
                for (var codePoint = Hex(first); codePoint <= Hex(last); codePoint++)
                    Classes.Add(codePoint, int.Parse(fields[1], CultureInfo.InvariantCulture));
                return;
            }
            var composed = Hex(fields[0].TrimEnd('!'));
            int[] parts = [.. fields[1..].Select(Hex)];
            Decompositions.Add(composed, parts);
            if (!fields[0].EndsWith('!'))
                Compositions.Add((parts[0], parts[1]), composed);
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
