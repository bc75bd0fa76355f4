using System.Text;
using Shouldly;
using Ticketing.Web.Admissions;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>Against the rules of RFC 5545.</summary>
public sealed class CalendarFileTests
{
    private static readonly Guid Id = Guid.Parse("0194f0a0-0000-7000-8000-000000000001");

    [Fact]
    public void Is_an_event_with_its_start_in_utc_and_a_name_that_stays() => File("Hamlet", "Globe").ShouldBe(
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Ticketing//Orders//EN
        BEGIN:VEVENT
        UID:0194f0a0-0000-7000-8000-000000000001
        SEQUENCE:3
        DTSTAMP:20261121T120000Z
        DTSTART:20261224T193000Z
        SUMMARY:Hamlet
        DESCRIPTION:Your tickets
        LOCATION:Globe
        URL:https://shop.test/orders/1
        END:VEVENT
        END:VCALENDAR

        """.ReplaceLineEndings("\r\n"));

    [Fact]
    public void Escapes_what_would_be_read_as_something_else() =>
        File("Rosencrantz, Guildenstern; \\o/\r\nBEGIN:VALARM\0\u0085ATTACH:x", null).ShouldContain(
            "\r\nSUMMARY:Rosencrantz\\, Guildenstern\\; \\\\o/\\nBEGIN:VALARM\\nATTACH:x\r\nDESCRIPTION:");

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("€")]
    [InlineData("🎟")]
    public void Folds_lines_at_75_octets_and_never_within_a_letter(string letter)
    {
        var title = string.Concat(Enumerable.Repeat(letter, 150));
        var file = File(title, null);

        var lines = file.Split("\r\n");
        lines.ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 75);
        lines.Count(line => line.StartsWith(' ')).ShouldBeGreaterThan(1);
        file.ShouldNotContain("\uFFFD");
        file.Replace("\r\n ", "").ShouldContain($"\r\nSUMMARY:{title}\r\n");
    }

    private static string File(string title, string? venue) => new CalendarFile(
        Id, 3, new(2026, 11, 21, 13, 0, 0, TimeSpan.FromHours(1)), new(2026, 12, 24, 20, 30, 0, TimeSpan.FromHours(1)),
        title, "Your tickets", venue, "https://shop.test/orders/1").ToString();
}
