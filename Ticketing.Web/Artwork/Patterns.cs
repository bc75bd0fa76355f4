using System.Globalization;
using System.Text;

namespace Ticketing.Web.Artwork;

/// <summary>The families of pictures; each fills the same frame in its own manner.</summary>
internal static class Patterns
{
    private const int Width = Picture.Width;
    private const int Height = Picture.Height;

    /// <summary>Rings around a low sun, and a horizon.</summary>
    public static void Suns(StringBuilder svg, Dice dice, Palette palette)
    {
        var (x, y) = (dice.Next(120, 360), dice.Next(170, 260));
        var step = dice.Next(26, 44);
        for (var ring = 6; ring >= 1; ring--)
            Circle(svg, x, y, ring * step, palette.Colours[ring % 4], ring % 2 == 0 ? 100 : 82);
        Circle(svg, x, y, step / 2 + 6, palette.Ground);
        Shape(svg, $"M0 {y + step}h{Width}v{Height}H0z", palette.Ground, 92);
        for (var line = 0; line < 5; line++)
            Round(svg, dice.Next(-40, 260), y + step + 12 + line * 22, dice.Next(120, 300), 6, palette.Colours[line % 4]);
    }

    /// <summary>Layer behind layer of hills.</summary>
    public static void Waves(StringBuilder svg, Dice dice, Palette palette)
    {
        Circle(svg, dice.Next(80, 400), dice.Next(60, 120), dice.Next(34, 62), palette.Colours[3]);
        for (var layer = 0; layer < 5; layer++)
        {
            var (y, swing) = (110 + layer * 52, dice.Next(24, 64));
            var (first, second) = (dice.Next(60, 180), dice.Next(300, 420));
            Shape(svg,
                $"M0 {y}C{first} {y - swing} {first + 60} {y + swing} {Width / 2} {y}S{second} {y - swing} {Width} {y + dice.Next(-20, 30)}V{Height}H0z",
                palette.Colours[layer % 3], 100 - layer % 2 * 14);
        }
    }

    /// <summary>Quarter circles, turned this way and that.</summary>
    public static void Tiles(StringBuilder svg, Dice dice, Palette palette)
    {
        const int side = 120;
        for (var x = 0; x < Width; x += side)
        {
            for (var y = 0; y < Height; y += side)
            {
                var (back, front) = (dice.Next(0, 3), dice.Next(1, 3));
                // A little over the edge: else the ground would show as a hair between two of the same colour.
                Shape(svg, $"M{x} {y}h{side + 1}v{side + 1}h-{side + 1}z", palette.Colours[back], dice.Next(0, 2) == 0 ? 0 : 100);
                var colour = palette.Colours[(back + front) % 4];
                switch (dice.Next(0, 5))
                {
                    case 0: Quarter(svg, $"M{x} {y}h{side}a{side} {side} 0 0 1-{side} {side}z", colour); break;
                    case 1: Quarter(svg, $"M{x + side} {y}v{side}a{side} {side} 0 0 1-{side}-{side}z", colour); break;
                    case 2: Quarter(svg, $"M{x + side} {y + side}h-{side}a{side} {side} 0 0 1 {side}-{side}z", colour); break;
                    case 3: Quarter(svg, $"M{x} {y + side}v-{side}a{side} {side} 0 0 1 {side} {side}z", colour); break;
                    case 4: Circle(svg, x + side / 2, y + side / 2, side / 2 - 14, colour); break;
                    default: Circle(svg, x + side / 2, y + side / 2, 18, colour); break;
                }
            }
        }
    }

    /// <summary>Stage lights from above.</summary>
    public static void Beams(StringBuilder svg, Dice dice, Palette palette)
    {
        for (var light = 0; light < 7; light++)
        {
            var (x, aim, wide) = (20 + light * 73, dice.Next(-40, 520), dice.Next(50, 120));
            Shape(svg, $"M{x} -10L{aim - wide} {Height}H{aim + wide}z", palette.Colours[light % 3], dice.Next(34, 58));
            Circle(svg, x, 0, 11, palette.Colours[3]);
        }
        var y = dice.Next(290, 320);
        Shape(svg, $"M0 {Height}V{y}q{Width / 2} -{dice.Next(20, 54)} {Width} 0V{Height}z", palette.Ground, 100);
        for (var head = 0; head < 14; head++)
            Circle(svg, head * 37 + dice.Next(-6, 6), y + dice.Next(4, 26), dice.Next(15, 24), palette.Ground);
    }

    /// <summary>Balloons, or faces in a crowd.</summary>
    public static void Crowd(StringBuilder svg, Dice dice, Palette palette)
    {
        for (var ball = 0; ball < 26; ball++)
        {
            var (x, y, radius) = (dice.Next(-20, Width + 20), dice.Next(-20, Height + 20), dice.Next(16, 78));
            Circle(svg, x, y, radius, palette.Colours[ball % 4], 86);
            if (ball % 3 == 0)
                Circle(svg, x, y, radius / 2, palette.Ground, 90);
        }
    }

    /// <summary>A loud evening, measured.</summary>
    public static void Bars(StringBuilder svg, Dice dice, Palette palette)
    {
        var broad = dice.Pick([20, 24, 30]);
        for (var (bar, x) = (0, broad / 2); x < Width; bar++, x += broad * 2)
        {
            var height = dice.Next(40, 300);
            for (var (part, y) = (0, Height - 24); part < 3; part++)
            {
                var piece = Math.Max(broad, height * (3 - part) / 6);
                Round(svg, x, y - piece, broad, piece, palette.Colours[(bar + part) % 4]);
                y -= piece + 8;
            }
        }
    }

    /// <summary>Broad bands that wind through the frame.</summary>
    public static void Ribbons(StringBuilder svg, Dice dice, Palette palette)
    {
        var start = dice.Next(-60, 60);
        for (var band = 0; band < 8; band++)
        {
            var y = start + band * 52;
            var (lift, drop) = (dice.Next(80, 170), dice.Next(80, 170));
            svg.Append(CultureInfo.InvariantCulture,
                $"""<path fill="none" stroke="{palette.Colours[band % 4]}" stroke-width="{dice.Next(18, 38)}" stroke-linecap="round" d="M-30 {y}C120 {y - lift} 200 {y + drop} 300 {y}S440 {y - drop} 520 {y + 30}"/>""");
        }
    }

    private static void Circle(StringBuilder svg, int x, int y, int radius, string colour, int percent = 100) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"{Opacity(percent)}/>""");

    private static void Round(StringBuilder svg, int x, int y, int width, int height, string colour) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"""<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{Math.Min(width, height) / 2}" fill="{colour}"/>""");

    private static void Shape(StringBuilder svg, FormattableString path, string colour, int percent = 100)
    {
        if (percent > 0)
            svg.Append(CultureInfo.InvariantCulture, $"""<path d="{FormattableString.Invariant(path)}" fill="{colour}"{Opacity(percent)}/>""");
    }

    /// <summary>With a hair of its own colour around it, so that two that touch have no line between them.</summary>
    private static void Quarter(StringBuilder svg, FormattableString path, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<path d="{FormattableString.Invariant(path)}" fill="{colour}" stroke="{colour}" stroke-width="2"/>""");

    private static string Opacity(int percent) => percent == 100 ? "" : $" fill-opacity=\".{percent:00}\"";
}
