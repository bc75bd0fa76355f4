using System.Text;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>
/// Gives the same string for the same bytes, mostly: names, keys and most values come again with every span. A fixed number of
/// places; a text that finds its place taken by another moves in. For one thread at a time.
/// </summary>
internal sealed class TextPool
{
    private const int Places = 1 << 14;
    private const int LongestText = 4096;
    private const int LongestKept = 256;

    private readonly string?[] places = new string?[Places];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length > LongestKept)
            return Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, LongestText)]);

        Span<char> buffer = stackalloc char[LongestKept];
        var text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        ref var place = ref places[string.GetHashCode(text) & (Places - 1)];
        if (place is null || !text.SequenceEqual(place))
            place = text.ToString();
        return place;
    }
}
