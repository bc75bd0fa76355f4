using System.Globalization;
using System.Text;

namespace Ticketing.Web.Artwork;

/// <summary>
/// The picture of a listing: an SVG that its id alone decides, so that it can be kept for ever. It has no styles and no
/// scripts, only shapes; whole numbers keep it under 4 KB.
/// </summary>
internal static class Picture
{
    public const int Width = 480;
    public const int Height = 360;

    /// <summary>What goes into the address of a picture, so that a new way of drawing has new addresses.</summary>
    public const string Edition = "1";

    /// <summary>The pictures beside the forms to sign in and up.</summary>
    public static Guid OfSignIn { get; } = new("00000000-0000-7000-8000-000000000003");

    /// <inheritdoc cref="OfSignIn" />
    public static Guid OfSignUp { get; } = new("00000000-0000-7000-8000-000000000005");

    private static readonly Action<StringBuilder, Dice, Palette>[] Families =
        [Patterns.Suns, Patterns.Waves, Patterns.Tiles, Patterns.Beams, Patterns.Crowd, Patterns.Bars, Patterns.Ribbons];

    /// <summary>The address of a listing's picture on this site.</summary>
    public static string UrlOf(Guid id) => $"/art/{Edition}/{id}.svg";

    public static string Draw(Guid id)
    {
        var dice = new Dice(id);
        var palette = dice.Pick(Palette.All);
        var svg = new StringBuilder(2048);
        svg.Append(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" preserveAspectRatio="xMidYMid slice"><path fill="{palette.Ground}" d="M0 0h{Width}v{Height}H0z"/>""");
        dice.Pick(Families)(svg, dice, palette);
        return svg.Append("</svg>").ToString();
    }
}
