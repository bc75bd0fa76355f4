using System.Text;
using System.Text.RegularExpressions;
using Shouldly;

namespace Ticketing.Tests.Web.Pages;

/// <summary>
/// Reads the site's QR codes from their drawing, as a camera would, but that every module is as it was printed: version 11
/// with error correction M (ISO/IEC 18004). Knows nothing of the library that draws them.
/// </summary>
internal static partial class QrReader
{
    private const int Size = 61;
    private const int QuietZone = 4;

    /// <summary>Data codewords of each block.</summary>
    private static readonly int[] Blocks = [50, 51, 51, 51, 51];

    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    private static readonly int[] AlignmentCentres = [6, 30, 54];

    /// <summary>What all QR codes of a page say.</summary>
    public static IReadOnlyList<string> ReadAll(string page) =>
        [.. Drawing().Matches(page).Select(drawing => Read(drawing.Groups["path"].Value))];

    private static string Read(string path)
    {
        var dark = new bool[Size, Size];
        foreach (Match run in Run().Matches(path))
        {
            var (x, y, length) = (Number("x"), Number("y"), Number("length"));
            for (var i = 0; i < length; i++)
                dark[x + i - QuietZone, y - QuietZone] = true;

            int Number(string name) => int.Parse(run.Groups[name].ValueSpan, provider: null);
        }
        var mask = Mask(dark);
        var codewords = Codewords(dark, mask).ToArray();
        // The blocks' codewords take turns; the shortest has no last one.
        var blocks = Blocks.Select(_ => new List<byte>()).ToArray();
        var next = 0;
        for (var i = 0; i < Blocks.Max(); i++)
        {
            for (var block = 0; block < Blocks.Length; block++)
            {
                if (i < Blocks[block])
                    blocks[block].Add(codewords[next++]);
            }
        }
        return Text(string.Concat(blocks.SelectMany(block => block).Select(codeword => Convert.ToString(codeword, 2).PadLeft(8, '0'))));
    }

    /// <summary>
    /// Segments one after the other, each with its mode (4 bits) and length: whoever writes a code takes the shorter form for a
    /// run of digits or of capitals.
    /// </summary>
    private static string Text(string bits)
    {
        var text = new StringBuilder();
        var at = 0;
        while (bits.Length - at >= 4 && Take(4) is not 0 and var mode)
        {
            switch (mode)
            {
                case 0b0001:
                    for (var count = Take(12); count > 0; count -= 3)
                        text.Append(Take(count switch { 1 => 4, 2 => 7, _ => 10 }).ToString($"D{Math.Min(count, 3)}", provider: null));
                    break;
                case 0b0010:
                    for (var count = Take(11); count > 0; count -= 2)
                    {
                        var value = Take(count == 1 ? 6 : 11);
                        text.Append(count == 1 ? $"{Alphanumeric[value]}" : $"{Alphanumeric[value / 45]}{Alphanumeric[value % 45]}");
                    }
                    break;
                case 0b0100:
                    for (var count = Take(16); count > 0; count--)
                        text.Append((char)Take(8));
                    break;
                default:
                    throw new InvalidOperationException($"This reader does not know the mode {mode}.");
            }
        }
        return text.ToString();

        int Take(int length) => Convert.ToInt32(bits.Substring((at += length) - length, length), 2);
    }

    /// <summary>From the format information beside the upper left finder: two bits of error correction, three of mask.</summary>
    private static int Mask(bool[,] dark)
    {
        var format = 0;
        for (var x = 0; x < 5; x++)
            format = format << 1 | (dark[x, 8] ? 1 : 0);
        format ^= 0b10101;
        (format >> 3).ShouldBe(0b00, "error correction M");
        return format & 0b111;
    }

    /// <summary>In columns of two, up and down, from the right; the timing column is passed over.</summary>
    private static IEnumerable<byte> Codewords(bool[,] dark, int mask)
    {
        var (codeword, count, up) = (0, 0, true);
        for (var right = Size - 1; right > 0; right -= right == 8 ? 3 : 2)
        {
            for (var step = 0; step < Size; step++)
            {
                var y = up ? Size - 1 - step : step;
                foreach (var x in new[] { right, right - 1 })
                {
                    if (IsFunction(x, y))
                        continue;
                    codeword = codeword << 1 | (dark[x, y] ^ IsMasked(mask, x, y) ? 1 : 0);
                    if (++count % 8 == 0)
                        yield return (byte)codeword;
                    codeword &= 0xFF;
                }
            }
            up = !up;
        }
    }

    private static bool IsFunction(int x, int y) =>
        (x < 9 && y < 9) || (x >= Size - 8 && y < 9) || (x < 9 && y >= Size - 8) // finders and format
        || x == 6 || y == 6 // timing
        || (x >= Size - 11 && y < 6) || (y >= Size - 11 && x < 6) // version
        || (from cx in AlignmentCentres
            from cy in AlignmentCentres
            where !(cx == 6 && cy == 6) && !(cx == 6 && cy == 54) && !(cx == 54 && cy == 6)
            select Math.Abs(x - cx) <= 2 && Math.Abs(y - cy) <= 2).Any(inside => inside);

    private static bool IsMasked(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => (x / 3 + y / 2) % 2 == 0,
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3) % 2 == 0,
        _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
    };

    [GeneratedRegex("""<svg class="qr"[^>]*>.*?<path fill="#000" d="(?<path>[^"]*)" ?/?>""", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"M(?<x>\d+) (?<y>\d+)h(?<length>\d+)v1h-\d+z")]
    private static partial Regex Run();
}
