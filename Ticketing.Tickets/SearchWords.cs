using Ticketing.ApiDefaults;

namespace Ticketing.Tickets;

/// <summary>Takes a search text apart. What the words find, the database's function <c>to_search_pattern</c> says.</summary>
internal static class SearchWords
{
    private const int MaxLength = 200;
    private const int MaxWords = 10;

    /// <summary>The words; none for an empty text, which finds everything.</summary>
    public static IReadOnlyList<string> Parse(string? text, ValidationErrors errors)
    {
        var words = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        errors.Require(
            text is null or { Length: <= MaxLength } && words.Length <= MaxWords,
            "q", $"Search for at most {MaxWords} words in {MaxLength} characters.");
        // White space is gone by now; what is left of them no title has, and PostgreSQL takes no NUL.
        errors.Require(!words.Any(word => word.Any(char.IsControl)), "q", "A search has no control characters.");
        return words;
    }
}
