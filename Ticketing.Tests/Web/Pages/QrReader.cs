using System.Text.RegularExpressions;
using Shouldly;
using ZXing;

namespace Ticketing.Tests.Web.Pages;

/// <summary>Reads the site's QR codes as a door's camera does: from pixels, drawn by the path of each code's SVG.</summary>
internal static partial class QrReader
{
    /// <summary>Pixels to a module.</summary>
    private const int Scale = 4;

    /// <summary>What all QR codes of a page say.</summary>
    public static IReadOnlyList<string> ReadAll(string page) => [.. Drawing().Matches(page).Select(Read)];

    private static string Read(Match drawing)
    {
        var size = Number(drawing, "size");
        var pixels = new byte[size * size];
        Array.Fill(pixels, byte.MaxValue);
        foreach (Match run in Run().Matches(drawing.Groups["path"].Value))
        {
            for (var row = 0; row < Scale; row++)
                pixels.AsSpan(((Number(run, "y") + row) * size) + Number(run, "x"), Number(run, "length")).Clear();
        }

        var code = new BarcodeReaderGeneric().Decode(pixels, size, size, RGBLuminanceSource.BitmapFormat.Gray8).ShouldNotBeNull();
        code.ResultMetadata[ResultMetadataType.ERROR_CORRECTION_LEVEL].ShouldBe("M");
        return code.Text;

        static int Number(Match match, string name) => Scale * int.Parse(match.Groups[name].ValueSpan, provider: null);
    }

    [GeneratedRegex("""<svg class="qr" viewBox="0 0 (?<size>\d+) \d+"[^>]*>.*?<path fill="#000" d="(?<path>[^"]*)" ?/?>""", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"M(?<x>\d+) (?<y>\d+)h(?<length>\d+)v1h-\d+z")]
    private static partial Regex Run();
}
