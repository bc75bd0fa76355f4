using System.Text.RegularExpressions;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

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
internal sealed partial record CalendarFile(
    Guid Id, int Sequence, DateTimeOffset Stamp, DateTimeOffset StartsAt, string Summary, string Description, string? Location, string Page)
{
    public override string ToString()
    {
        var calendar = new Calendar { ProductId = "-//Ticketing//Orders//EN" };
        calendar.Events.Add(new CalendarEvent
        {
            Uid = $"{Id}",
            Sequence = Sequence,
            DtStamp = new CalDateTime(Stamp.UtcDateTime),
            Start = new CalDateTime(StartsAt.UtcDateTime),
            Summary = Summary,
            Description = Description,
            Location = Location,
            Url = new Uri(Page),
        });
        return SplitCharacter().Replace(new CalendarSerializer().SerializeToString(calendar)!, "\r\n $1$2");
    }

    /// <summary>
    /// Ical.Net 5.2 folds lines also between the two halves of a character outside of the first 65,536, such as an emoji, which
    /// no encoding can write alone. The character goes to the next line, which may then have 76 octets.
    /// </summary>
    [GeneratedRegex(@"([\uD800-\uDBFF])\r\n ([\uDC00-\uDFFF])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SplitCharacter();
}
