using System.Globalization;
using System.Text;

namespace Ticketing.Web.Admissions;

/// <summary>An event for a calendar: iCalendar, RFC 5545.</summary>
/// <param name="Id">The same for each file about the same order, so that a calendar replaces what it has.</param>
/// <param name="Sequence">Grows with each change of the event.</param>
/// <param name="Stamp">When the file is made.</param>
/// <param name="StartsAt">When the event starts. When it ends nobody told.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Description">More of it.</param>
/// <param name="Location">Where, if known.</param>
/// <param name="Page">Where the tickets are.</param>
internal sealed record CalendarFile(
    Guid Id, int Sequence, DateTimeOffset Stamp, DateTimeOffset StartsAt, string Summary, string Description, string? Location, string Page)
{
    /// <summary>Octets of a line before it is folded (section 3.1).</summary>
    private const int LineOctets = 75;

    public override string ToString()
    {
        var file = new StringBuilder();
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//Ticketing//Orders//EN");
        Line("BEGIN:VEVENT");
        Line($"UID:{Id}");
        Line($"SEQUENCE:{Sequence}");
        Line($"DTSTAMP:{Time(Stamp)}");
        Line($"DTSTART:{Time(StartsAt)}");
        Line($"SUMMARY:{Text(Summary)}");
        Line($"DESCRIPTION:{Text(Description)}");
        if (Location is not null)
            Line($"LOCATION:{Text(Location)}");
        Line($"URL:{Page}");
        Line("END:VEVENT");
        Line("END:VCALENDAR");
        return file.ToString();

        void Line(string line)
        {
            var octets = 0;
            foreach (var rune in line.EnumerateRunes())
            {
                if (octets + rune.Utf8SequenceLength > LineOctets)
                {
                    // The blank belongs to the fold, and to the next line's octets.
                    file.Append("\r\n ");
                    octets = 1;
                }
                file.Append(rune);
                octets += rune.Utf8SequenceLength;
            }
            file.Append("\r\n");
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Escaped as section 3.3.11 says; other control characters have no place in a text.</summary>
    private static string Text(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text.ReplaceLineEndings("\n"))
        {
            if (character is '\\' or ';' or ',')
                escaped.Append('\\').Append(character);
            else if (character == '\n')
                escaped.Append("\\n");
            else if (!char.IsControl(character) || character == '\t')
                escaped.Append(character);
        }
        return escaped.ToString();
    }
}
