using System.Text;
using Ical.Net;
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
        PRODID:-//Ticketing//Orders//EN
        VERSION:2.0
        BEGIN:VEVENT
        DESCRIPTION:Your tickets
        DTSTAMP:20261121T120000Z
        DTSTART:20261224T193000Z
        LOCATION:Globe
        SEQUENCE:3
        SUMMARY:Hamlet
        UID:0194f0a0-0000-7000-8000-000000000001
        URL:https://shop.test/orders/1
        END:VEVENT
        END:VCALENDAR

        """.ReplaceLineEndings("\r\n"));

    [Fact]
    public void Escapes_what_would_be_read_as_something_else()
    {
        var file = File("Rosencrantz, Guildenstern; \\o/\r\nBEGIN:VALARM", null);
        file.ShouldContain("\r\nSUMMARY:Rosencrantz\\, Guildenstern\\; \\\\o/\\nBEGIN:VALARM\r\n");
        file.ShouldNotContain("LOCATION");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("€")]
    [InlineData("🎟")]
    [InlineData("x🎟")]
    public void Folds_lines_and_never_within_a_letter(string letter)
    {
        for (var shift = 0; shift < 8; shift++)
        {
            var title = new string('-', shift) + string.Concat(Enumerable.Repeat(letter, 100));
            var file = Encoding.UTF8.GetBytes(File(title, "Globe"));

            Encoding.UTF8.GetString(file).Split("\r\n").ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 76);
            using var stream = new MemoryStream(file);
            var read = Calendar.Load(stream)!.Events.Single();
            (read.Uid, read.Summary, read.Location).ShouldBe(($"{Id}", title, "Globe"));
            read.Start!.AsUtc.ShouldBe(new(2026, 12, 24, 19, 30, 0, DateTimeKind.Utc));
        }
    }

    private static string File(string title, string? venue) => new CalendarFile(
        Id, 3, new(2026, 11, 21, 13, 0, 0, TimeSpan.FromHours(1)), new(2026, 12, 24, 20, 30, 0, TimeSpan.FromHours(1)),
        title, "Your tickets", venue, "https://shop.test/orders/1").ToString();
}
