using Ticketing.ApiDefaults;

namespace Ticketing.Tickets;

/// <summary>One word to search for.</summary>
/// <param name="Text">As it was typed, in any case.</param>
internal readonly record struct SearchWord(string Text)
{
    /// <summary>For LIKE: the word anywhere, with nothing in it that LIKE takes for a wildcard.</summary>
    public string Pattern => $"%{Text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}

/// <summary>Takes a search text apart.</summary>
internal static class SearchWords
{
    private const int MaxLength = 200;
    private const int MaxWords = 10;

    /// <summary>The words; none for an empty text, which finds everything.</summary>
    public static IReadOnlyList<SearchWord> Parse(string? text, ValidationErrors errors)
    {
        var words = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        errors.Require(
            text is null or { Length: <= MaxLength } && words.Length <= MaxWords,
            "q", $"Search for at most {MaxWords} words in {MaxLength} characters.");
        // White space is gone by now; what is left of them no title has, and PostgreSQL takes no NUL.
        errors.Require(!words.Any(word => word.Any(char.IsControl)), "q", "A search has no control characters.");
        return [.. words.Select(word => new SearchWord(word))];
    }
}
